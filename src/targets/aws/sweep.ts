import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation'
import { type Cleared, clearBucket, clearStack } from './clear.ts'
import { attendeeOf, type Hand, stackCalled } from './hand.ts'
import type { Made } from './manifest.ts'
import { PREFIX, stackNameOf } from './names.ts'

/**
 * Removes stacks, and the buckets that then serve nobody any more: each thing is told as it goes. `labs` are all there
 * are: a bucket stays while one of them is up.
 *
 * A note is no proof: only what is named and tagged as ours is removed. Of a bucket that is noted and not tagged, `agrees` is
 * asked; the kit may have been interrupted before it could tag it.
 */
export async function* sweep(
  hand: Hand,
  wanted: readonly Made[],
  labs: readonly string[],
  agrees: (bucket: string) => Promise<boolean> = async () => false,
): AsyncGenerator<Cleared> {
  const standing = new Set<string>()
  for (const made of wanted) {
    const cleared = await clearStack(hand, made)
    if (cleared.some(({ fate }) => fate === 'failed')) standing.add(made.stackName)
    yield* cleared
  }
  for (const attendee of new Set(wanted.map(one => one.attendee))) {
    const theirs = wanted.filter(one => one.attendee === attendee)
    const up = await stillUp(hand, attendee, labs)
    let isClear = true
    for (const { bucket, isTagged } of await bucketsOf(hand, attendee, theirs)) {
      if (up.length > 0) {
        yield { fate: 'kept by design', what: `bucket ${bucket}`, because: `it serves ${up.join(', ')}` }
        continue
      }
      if (!isTagged && !(await agrees(bucket))) {
        isClear = false
        yield {
          fate: 'kept by design',
          what: `bucket ${bucket}`,
          because: 'a note names it, but it does not bear the tags of the kit and of this attendee',
        }
        continue
      }
      const cleared = await clearBucket(hand, bucket)
      isClear &&= cleared.every(({ fate }) => fate === 'deleted')
      yield* cleared
    }
    if (isClear) {
      for (const made of theirs) if (!standing.has(made.stackName)) await hand.manifest.strike(made)
    }
  }
}

/** Everything that the kit has made in the account and region, no matter who made it, by its tags: stacks, and buckets without one. */
export async function madeByAnybody(hand: Hand): Promise<readonly Made[]> {
  const { account, identity } = hand
  const { profile, region, endpoint } = account
  const found: Made[] = []
  const make = (stackName: string, attendee: string, bucket = '', since = new Date()) =>
    found.push({
      version: 1,
      lab: stackName.slice(PREFIX.length, attendee ? -attendee.length - 1 : undefined),
      ...{ stackName, attendee, accountId: identity.accountId, region, profile, bucket },
      since: since.toISOString(),
      ...(endpoint !== undefined && { endpoint }),
    })

  const pages = paginateDescribeStacks({ client: account.cloudFormation }, {})
  for (;;) {
    const { done, value } = await account.told(pages.next())
    if (done) break
    for (const stack of value.Stacks ?? []) {
      const attendee = attendeeOf(stack)
      if (attendee === undefined || !stack.StackName?.startsWith(PREFIX)) continue
      make(stack.StackName, attendee, '', stack.CreationTime)
    }
  }
  for (const { name, attendee } of await account.told(hand.buckets.list())) {
    if (!found.some(one => one.attendee === attendee)) make(stackNameOf('', attendee), attendee, name)
  }
  return found
}

/** The attendee's stacks, by the names they would have. That needs no permission to list the stacks of others. */
async function stillUp(hand: Hand, attendee: string, labs: readonly string[]): Promise<readonly string[]> {
  const up: string[] = []
  for (const lab of labs) {
    const stack = await stackCalled(hand, stackNameOf(lab, attendee))
    if (stack && attendeeOf(stack) === attendee) up.push(stackNameOf(lab, attendee))
  }
  return up
}

/** By name and tag, and as noted: a bucket that was just made when everything ended may not have been tagged yet. */
async function bucketsOf(
  hand: Hand,
  attendee: string,
  theirs: readonly Made[],
): Promise<readonly { readonly bucket: string; readonly isTagged: boolean }[]> {
  const tagged = (await hand.account.told(hand.buckets.list()))
    .filter(one => attendee !== '' && one.attendee === attendee)
    .map(({ name }) => name)
  const noted = new Set(theirs.map(({ bucket }) => bucket).filter(one => one !== '' && !tagged.includes(one)))
  const untagged: string[] = []
  for (const bucket of noted) {
    if (await hand.account.told(hand.buckets.exists(bucket))) untagged.push(bucket)
  }
  return [
    ...tagged.map(bucket => ({ bucket, isTagged: true })),
    ...untagged.map(bucket => ({ bucket, isTagged: false })),
  ]
}
