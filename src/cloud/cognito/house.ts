import { createHmac, timingSafeEqual } from 'node:crypto'
import { notAuthorized } from './errors.ts'
import type { AppClient } from './pool.ts'
import type { Pools } from './pools.ts'
import type { Post } from './post.ts'
import { type Attribute, isForClients } from './schema.ts'
import type { Triggers } from './triggers.ts'

/** What the operations work with. */
export interface House {
  readonly pools: Pools
  readonly post: Post
  readonly triggers: Triggers
  /** The ids that pools and app clients of stacks are to have again, by `Stack/LogicalId`. */
  readonly knownIds?: ReadonlyMap<string, string> | undefined
  /** Milliseconds since the epoch by the cloud's clock. */
  now(): number
}

/**
 * A client with a secret proves with each request about a user that it knows it.
 *
 * @throws NotAuthorizedException
 */
export function checkSecretHash({ id, secret }: AppClient, username: string, hash: string | undefined): void {
  if (secret === undefined && hash === undefined) return
  if (hash === undefined) {
    throw notAuthorized(`Client ${id} is configured with secret but SECRET_HASH was not received`)
  }
  const ours = createHmac('sha256', secret ?? '')
    .update(username + id)
    .digest()
  const theirs = Buffer.from(hash, 'base64')
  if (secret === undefined || theirs.length !== ours.length || !timingSafeEqual(theirs, ours)) {
    throw notAuthorized(`Unable to verify secret hash for client ${id}`)
  }
}

/** @throws NotAuthorizedException for an attribute that this client may not write. */
export function checkMayWrite({ settings }: AppClient, attributes: readonly Attribute[]): void {
  const may = (name: string) => settings.writeAttributes?.includes(name) ?? isForClients(name)
  if (!attributes.every(({ Name }) => may(Name))) {
    throw notAuthorized('A client attempted to write unauthorized attribute')
  }
}
