import { notATextAtAll, unexpectedMessages } from '#kit'
import { done, LONGEST_NAME, type Topic, waitingFor } from './people.ts'

/** What is wrong with a message, and what the answer must name. */
export interface Bad {
  readonly message: unknown
  /** The member that is wrong, or `JSON`; nothing where any error will do. */
  readonly names?: string
}

/** Members that name something, of every envelope, and those that only a backend's has. */
const NAMES = ['merchant_id', 'project', 'type', 'ref'] as const
const OF_BACKENDS = ['status', 'message'] as const

const [missing, ...otherTypes] = notATextAtAll.map(({ value }) => value)

/** What the README says of frontends' envelopes, broken in every way: member by member. */
export const badFromFrontends = (about: Topic): Bad[] => [
  ...withBadNames(waitingFor(about)),
  ...withBadMember(waitingFor(about), 'client', 5),
  ...withOtherClients(waitingFor(about), ['mallory', 'Frontend', ' frontend', 'backend']),
  ...noEnvelopes,
]

/** The same of backends', which have two more members. */
export const badFromBackends = (about: Topic): Bad[] => {
  const good = done(about, 'nobody may hear this')
  return [
    ...withBadNames(good),
    ...withBadMember(good, 'client', 4),
    ...withOtherClients(good, ['frontend', 'BACKEND', 'backend ']),
    ...OF_BACKENDS.flatMap((name, at) => withBadMember(good, name, at + 2)),
    { message: { ...good, status: 'perhaps' }, names: 'status' },
    ...noEnvelopes,
  ]
}

/** Envelopes with a name that is as long as it may be, in letters that take two bytes each. */
export const atTheLimit = (about: Topic): Topic[] => [
  { ...about, merchant_id: `${about.merchant_id} ${'ä'.repeat(LONGEST_NAME)}`.slice(0, LONGEST_NAME) },
  { ...about, ref: `${about.ref} ${'ß'.repeat(LONGEST_NAME)}`.slice(0, LONGEST_NAME) },
]

/** So much longer than a name may be that an answer with the name in it would be too long as well. */
const FAR_TOO_LONG = 2_000

const withOtherClients = (good: object, clients: readonly string[]): Bad[] =>
  clients.map(client => ({ message: { ...good, client }, names: 'client' }))

/** Each is missing, a number, of one of the other types in turn, too long by one character, and far too long. */
function withBadNames(good: object): Bad[] {
  return NAMES.flatMap((name, at) => [
    ...withBadMember(good, name, at),
    ...[LONGEST_NAME + 1, FAR_TOO_LONG].map(length => ({
      message: { ...good, [name]: 'x'.repeat(length) },
      names: name,
    })),
  ])
}

function withBadMember(good: object, name: string, at: number): Bad[] {
  const values = [missing, 42, otherTypes[at % otherTypes.length]]
  return values.map(value => ({ message: { ...good, [name]: value }, names: name }))
}

/** What is no JSON at all, and what is JSON, but no object; a page that somebody has pasted into the wrong window among them. */
const noEnvelopes: readonly Bad[] = [
  { message: 'and so on '.repeat(2_000), names: 'JSON' },
  ...unexpectedMessages.map(({ text }) =>
    isJson(text) ? { message: text } : { message: text, names: 'JSON' },
  ),
]

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
