import type { Account } from '../../account.ts'
import type { RoleSession } from '../../iam/principal.ts'
import type { Iam } from '../../iam/roles.ts'
import type { Access, Call } from '../../service.ts'
import type { Stack } from '../describe.ts'
import type { Objects } from '../resource.ts'
import type { Stacks } from '../stacks.ts'
import { type Input, required } from './members.ts'
import { placeOf } from './template-of.ts'

/** What the operations work on. */
export interface Site {
  readonly account: Account
  readonly stacks: Stacks
  /** Where templates lie that are named by their URL. */
  readonly objects: Objects
  readonly authorize: Iam['authorize']
  /** Takes on a role in the name of CloudFormation. Throws when it may not. */
  assumeRole(roleArn: string, sessionName: string): RoleSession
}

/** The stack of that name, or of that ARN, also when it has been deleted; undefined when there is none. */
export function findStack({ stacks }: Site, nameOrId: string): Stack | undefined {
  return (
    stacks.list().find(one => one.stackName === nameOrId || one.stackId === nameOrId) ??
    stacks.deleted().find(one => one.stackId === nameOrId)
  )
}

/** The name of a stack that is called by its name or its ARN. */
export const nameOf = (site: Site, nameOrId: string): string =>
  findStack(site, nameOrId)?.stackName ?? /:stack\/([^/]+)/.exec(nameOrId)?.[1] ?? nameOrId

/** The question for IAM about a stack; one that is not there yet has `*` in the place of its id. */
export function toStack(
  site: Site,
  action: string,
  nameOrId: string,
  context: Access['context'] = {},
): Access {
  const { partition, region, accountId } = site.account
  const resource = nameOrId.startsWith('arn:')
    ? nameOrId
    : (findStack(site, nameOrId)?.stackId ??
      `arn:${partition}:cloudformation:${region}:${accountId}:stack/${nameOrId}/*`)
  return { action: `cloudformation:${action}`, resource, context }
}

/** `access` of an operation whose one subject is the stack in `StackName`. */
export const onStack =
  (site: Site, action: string) =>
  (input: Input, _call: Call): readonly Access[] => [toStack(site, action, required(input, 'StackName'))]

/** `access` of an operation that has no resource. */
export const onAll = (action: string) => (): readonly Access[] => [
  { action: `cloudformation:${action}`, resource: '*' },
]

/** A template that is named by its URL is read with the caller's rights. */
export function toTemplate({ account }: Site, { TemplateURL }: Input): readonly Access[] {
  if (!TemplateURL) return []
  const { bucket, key } = placeOf(TemplateURL)
  return [{ action: 's3:GetObject', resource: `arn:${account.partition}:s3:::${bucket}/${key}` }]
}
