import { AwsError } from '../error.ts'
import type { Principal } from '../iam/principal.ts'

/** The tags that a session is to have, and those of them that sessions begun from it inherit. */
export interface SessionTags {
  readonly tags: Readonly<Record<string, string>>
  /** Keys of `tags`, in their spelling. */
  readonly transitive: readonly string[]
}

/** STS's quotas on the tags of one session. */
const MOST = 50
const LONGEST_KEY = 128
const LONGEST_VALUE = 256

/** The members of AssumeRole that tag a session. An empty list of the Query protocol is an empty text. */
export interface TagInput {
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[] | ''
  readonly TransitiveTagKeys?: readonly string[] | ''
}

/**
 * The tags that a call asks for, with those that the calling session hands on. Keys differ in more than their case.
 * Throws STS's refusals (recorded from AWS in localstack's snapshots; lengths are those of its API).
 */
export function sessionTagsOf(input: TagInput, caller: Principal): SessionTags {
  const given = (input.Tags || []).map(({ Key = '', Value = '' }) => [Key, Value] as const)
  const wanted = input.TransitiveTagKeys || []
  if (given.length > MOST) throw constraint('tags', `Member must have length less than or equal to ${MOST}`)
  for (const [at, [key, value]] of given.entries()) checkTag(key, value, `tags.${at + 1}.member`)

  const keys = new Map(given.map(([key]) => [key.toLowerCase(), key]))
  if (keys.size < given.length) {
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  const transitive = wanted.map(key => keys.get(key.toLowerCase()))
  if (transitive.includes(undefined)) {
    throw invalid('The specified transitive tag key must be included in the requested tags.')
  }
  const inherited = inheritedBy(caller)
  if (Object.keys(inherited).some(key => keys.has(key.toLowerCase()))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
  return {
    tags: { ...inherited, ...Object.fromEntries(given) },
    transitive: [...Object.keys(inherited), ...(transitive as readonly string[])],
  }
}

/** What a role's session hands on to the sessions that are begun from it. */
function inheritedBy(caller: Principal): Readonly<Record<string, string>> {
  if (caller.kind !== 'role-session' || !caller.sessionTags) return {}
  const { tags, transitive } = caller.sessionTags
  return Object.fromEntries(transitive.map(key => [key, tags[key]!]))
}

/** The condition keys of a call that tags a session. */
export const tagContext = ({ tags, transitive }: SessionTags) => ({
  ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
  ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
})

function checkTag(key: string, value: string, at: string): void {
  if (key.length < 1) throw constraint(`${at}.key`, 'Member must have length greater than or equal to 1')
  if (key.length > LONGEST_KEY) {
    throw constraint(`${at}.key`, `Member must have length less than or equal to ${LONGEST_KEY}`)
  }
  if (value.length > LONGEST_VALUE) {
    throw constraint(`${at}.value`, `Member must have length less than or equal to ${LONGEST_VALUE}`)
  }
  // The words are assumed: the guide says that such keys cannot be passed.
  if (/^aws:/i.test(key)) throw invalid('Tag keys that begin with aws: are reserved for system use.')
}

const invalid = (message: string) => new AwsError('InvalidParameterValue', message)
const constraint = (parameter: string, text: string) =>
  new AwsError(
    'ValidationError',
    `1 validation error detected: Value at '${parameter}' failed to satisfy constraint: ${text}`,
  )
