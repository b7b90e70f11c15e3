import { randomBytes } from 'node:crypto'

/** By this tag a stack or a bucket of the kit's is told from what is not ours. */
export const OURS = 'wslab'

/** How all that the kit makes is called, so that a policy can allow it that and nothing else. */
export const PREFIX = 'wslab-'

/** How long something may stay up, in milliseconds, before the account's owner may take it for forgotten. */
const A_DAY = 24 * 60 * 60_000

/** The longest name of an attendee: with it a bucket's name keeps within S3's 63 characters. */
const LONGEST_ATTENDEE = 18

/** `wslab-lab2-wrong-permissions-ana`: many people share an account. */
export const stackNameOf = (lab: string, attendee: string): string => `${PREFIX}${lab}-${attendee}`

/** A name for one attendee's asset bucket. Never the same twice: S3 keeps the name of a bucket for a while after it is gone. */
export const newBucketName = (accountId: string, region: string, attendee: string): string =>
  `${bucketPrefix(accountId, region)}${attendee}-${randomBytes(3).toString('hex')}`

/** How the names of all asset buckets begin in an account and region. */
export const bucketPrefix = (accountId: string, region: string): string => `${PREFIX}${accountId}-${region}-`

/** What a stack and a bucket are marked with. */
export const tagsOf = (attendee: string, now: number): Readonly<Record<string, string>> => ({
  [OURS]: 'true',
  'wslab:attendee': attendee,
  'wslab:expires': new Date(now + A_DAY).toISOString(),
})

/**
 * A name as stacks and buckets may bear it: `Ana.Silva@example.com` is `ana-silva`. Undefined when nothing is left of it.
 */
export function attendeeCalled(name: string): string | undefined {
  const plain = name
    .replace(/@.*$/, '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_ATTENDEE)
    .replace(/^-+|-+$/g, '')
  return plain || undefined
}

/** The attendee that a principal is: a user's name, or the name of a role's session. */
export const attendeeBehind = (principal: string): string | undefined =>
  attendeeCalled(principal.split(/[:/]/).at(-1) ?? '')
