import { isDeepStrictEqual } from 'node:util'
import type { Account } from '../account.ts'
import type { Access } from '../service.ts'
import type { Properties } from './properties.ts'

/** What is done to a resource. To make or change one, a caller must also be able to read it: `Ref` and `Fn::GetAtt` do. */
export type Verb = 'create' | 'update' | 'delete'

/**
 * What the handlers of a resource type ask of AWS, with the deployer's rights: CloudFormation has none of its own.
 *
 * The actions are written as in `lambda: CreateFunction GetFunction`, and are those of `handlers.*.permissions` in the type's schema in the
 * CloudFormation registry, without those for features that the type does not have here. An action that hangs on a property,
 * or is about something else than the resource itself, is said by `also`.
 */
export interface Rights {
  /** The service that the handlers call, as AWS's SDK for Java calls it in a refusal: `Lambda`, `CloudWatchLogs`. */
  readonly service: string
  /** The ARN that all of it is about. What AWS has not made yet has `*` in the place of its id. */
  on(subject: Subject): string
  readonly create: string
  /** Asked when it is made and changed. */
  readonly read?: string
  readonly update?: string
  readonly delete?: string
  /** Asked when it is made with tags, or its tags change; those of the stack are its own too. */
  readonly tag?: string
  /** Asked when it loses tags. */
  readonly untag?: string
  /** What tags are asked about, where it is not the resource itself. */
  tagsOn?(subject: Subject): string
  also?(subject: Subject, verb: Verb): readonly Access[]
}

/** A resource about which IAM is asked. */
export interface Subject {
  readonly account: Account
  readonly properties: Properties
  /** What it was until now; undefined unless it is changed. */
  readonly before?: Properties
  /** What `Ref` gives; undefined of one that is yet to be made. */
  readonly physicalId?: string
  /** Its own tags and those of its stack. */
  readonly tags: Readonly<Record<string, string>>
  readonly tagsBefore?: Readonly<Record<string, string>>
  /** What it will be called, if the template does not say so. */
  inventName(maxLength?: number): string
}

/** Of types for which CloudFormation calls nobody. */
export const askNobody: Rights = { service: 'CloudFormation', on: () => '*', create: '' }

/** Everything that must be allowed before something is done to a resource. `tags` stands for a change of the stack's tags and of nothing else. */
export function accessesFor(rights: Rights, verb: Verb | 'tags', subject: Subject): readonly Access[] {
  const { tags, tagsBefore = {} } = subject
  const resource = rights.on(subject)
  const isTagged = verb !== 'delete' && !isDeepStrictEqual(tags, tagsBefore)
  const lost = Object.keys(tagsBefore).filter(key => !(key in tags))
  const tagged = rights.tagsOn?.(subject) ?? resource
  return [
    ...(verb === 'tags'
      ? []
      : asking(rights[verb], resource, verb === 'create' ? requested(tags) : undefined)),
    ...(verb === 'tags' ? [] : (rights.also?.(subject, verb) ?? [])),
    ...(isTagged && Object.keys(tags).length > 0 ? asking(rights.tag, tagged, requested(tags)) : []),
    ...(isTagged && lost.length > 0 ? asking(rights.untag, tagged) : []),
    ...(verb === 'create' || verb === 'update' ? asking(rights.read, resource) : []),
  ]
}

/** `lambda: CreateFunction GetFunction` → both, in full. */
export function actionsIn(text: string): readonly string[] {
  const [prefix, names = ''] = text.split(': ')
  return names.split(' ').flatMap(name => (name ? [`${prefix}:${name}`] : []))
}

/** The same question for each of several actions: for `also`. */
export const asking = (actions = '', resource: string, context?: Access['context']): readonly Access[] =>
  actionsIn(actions).map(action => ({ action, resource, ...(context && { context }) }))

/** An ARN in the account: `arnIn(account, 'lambda', 'function:Say')`. */
export const arnIn = ({ partition, region, accountId }: Account, service: string, rest: string): string =>
  `arn:${partition}:${service}:${region}:${accountId}:${rest}`

/** A caller that makes something with a role must be allowed to pass that role to the service that uses it. */
export const passing = (roleArn: unknown, service: string): readonly Access[] =>
  roleArn === undefined || roleArn === ''
    ? []
    : asking('iam: PassRole', String(roleArn), { 'iam:PassedToService': service })

/** Tags as templates write them: a list of keys and values, or an object. */
export const tagsIn = (tags: unknown): Readonly<Record<string, string>> =>
  Array.isArray(tags)
    ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, String(Value)]))
    : { ...(tags as Record<string, string> | undefined) }

function requested(tags: Readonly<Record<string, string>>): Access['context'] {
  const entries = Object.entries(tags)
  if (entries.length === 0) return
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': entries.map(([key]) => key),
  }
}
