import type { Outcome } from './siege.ts'

/** How much more memory than before an attack may have left, in bytes: the cloud remembers its last events, and those are new ones now. */
const ROOM = 64 * 1024 * 1024

/** Everything that is wrong about how an attack went; nothing when all is well. */
export function complaints({ attack, answers, before, after, bystander }: Outcome): string[] {
  const wrong = [...answers.keys()].filter(answer => !attack.right.includes(answer))
  return [
    ...wrong.map(answer => `${answers.get(answer)} times: ${answer}`),
    ...(after.connections > before.connections
      ? [`${after.connections - before.connections} connections are left`]
      : []),
    ...(after.sockets > before.sockets ? [`${after.sockets - before.sockets} sockets are left`] : []),
    ...(after.bytes > before.bytes + ROOM ? [`${mega(after.bytes - before.bytes)} more are held`] : []),
    ...(bystander.echoes === 0 ? ['the bystander heard nothing'] : []),
  ]
}

/** Bytes for people. */
export const mega = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`
