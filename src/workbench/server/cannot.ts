import type { Act, BenchState } from '../model/protocol.ts'

/** What decides what can be done now. */
export interface Situation {
  readonly busy: BenchState['busy']
  readonly withoutLabs: string | undefined
  readonly standing: BenchState['standing']
  readonly sockets: readonly string[]
}

/** Why something cannot be done now, in words. What is not in it can be done. */
export function cannotNow({ busy, withoutLabs, standing, sockets }: Situation): BenchState['cannot'] {
  const oneThing = busy && `One thing at a time: ${busy.says}.`
  const aboutLabs = withoutLabs ?? oneThing
  const why: Record<Act, string | undefined> = {
    check: aboutLabs,
    up: aboutLabs,
    down: aboutLabs ?? (standing ? undefined : 'No lab is up.'),
    clock: busy?.what === 'check' ? `The clock belongs to the check: ${busy.says}.` : undefined,
    connect:
      oneThing ??
      (sockets.length > 0
        ? undefined
        : withoutLabs
          ? 'Nothing with a WebSocket API is up. Deploy a stack that has one.'
          : 'Nothing with a WebSocket API is up. Put a lab up in “Lab”, or check one: what was checked stays up.'),
  }
  return Object.fromEntries(Object.entries(why).filter(([, words]) => words !== undefined))
}
