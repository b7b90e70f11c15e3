import { AwsError } from '../../error.ts'
import { lacking } from '../../lack.ts'
import type { Api } from '../api.ts'
import type { Core } from '../core.ts'

/** The API that a resource belongs to. Throws `NotFoundException`. */
export function apiOf(core: Core, apiId: unknown): Api {
  const api = core.apis.get(String(apiId))
  if (!api) throw notFound('API', `${core.account.accountId}:${apiId}`)
  return api
}

/** A member of an API by id. Throws `NotFoundException`. */
export function memberOf<T>(members: ReadonlyMap<string, T>, kind: string, id: unknown): T {
  const member = members.get(String(id))
  if (!member) throw notFound(kind, String(id))
  return member
}

/**
 * Makes room for one more.
 * Throws when the quota is used up (facts: G2; the words are assumed, after REST's).
 */
export function checkQuota(members: ReadonlyMap<string, unknown>, kind: string, quota: number): void {
  if (members.size < quota) return
  throw new AwsError(
    'BadRequestException',
    `Maximum number of ${kind} for this API has been reached. Please contact AWS if you need additional ${kind}.`,
  )
}

/** Throws `BadRequestException`. */
export function bad(message: string): never {
  throw new AwsError('BadRequestException', message)
}

/** Throws `BadRequestException` for something that AWS has and this cloud has not. */
export function lacks(message: string): never {
  throw lacking(new AwsError('BadRequestException', message))
}

const notFound = (kind: string, id: string) =>
  new AwsError('NotFoundException', `Invalid ${kind} identifier specified ${id}`, 404)
