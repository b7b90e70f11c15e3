/** A client that somebody has named, and when, in milliseconds of this process's own time. */
interface Named {
  readonly name: string
  readonly at: number
}

/** How many names are kept. */
const KEPT = 5_000
/** A port is given to somebody else after a while: how far apart a name and a handshake may be, in milliseconds. */
const TOGETHER = 20_000

const names = new Map<number, Named>()

/** Says what the client is called that uses this local port: those who only see its connection can then say who it is. */
export function namePort(port: number | undefined, name: string): void {
  if (port === undefined) return
  names.delete(port)
  names.set(port, { name, at: performance.now() })
  if (names.size > KEPT) names.delete(names.keys().next().value!)
}

/** What the client is called that had this port at that time; undefined where nobody has said so, or not yet. */
export function nameOfPort(port: number, at: number): string | undefined {
  const named = names.get(port)
  return named && Math.abs(named.at - at) < TOGETHER ? named.name : undefined
}
