import type { AtHand } from './sandbox.ts'

/** One sentence or two on what stands between a hand-in and this machine, with a line break. */
export const atHandInWords = (atHand: AtHand): string =>
  'none' in atHand
    ? `${atHand.none} Hand-ins run with your rights: use a virtual machine without secrets, or say --trusted.\n`
    : `Each hand-in runs in a sandbox (${atHand.kind}): docs/instructors.md says what that stops.\n`
