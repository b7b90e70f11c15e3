import type { Version } from './bucket.ts'

/** A page of a bucket. */
export interface Listing {
  readonly contents: readonly Version[]
  /** What the keys have in common up to the delimiter. */
  readonly prefixes: readonly string[]
  readonly isTruncated: boolean
  /** The last key or common prefix of the page; the next one begins behind it. */
  readonly last: string | undefined
  readonly lastVersion: string | undefined
  /** A key as the client wants it written. */
  encode(text: string): string
}

/** Which page. */
interface Asked {
  readonly prefix: string
  readonly delimiter: string
  readonly most: number
  readonly isUrl: boolean
  /** A key or common prefix: what comes behind it is listed. */
  readonly after: string
  /** The rest of the versions of the key `after`. */
  readonly afterVersion?: string | undefined
}

/** Lists in the order of the keys' UTF-8 bytes; versions of a key in the order in which they are given. */
export function listed(all: readonly Version[], asked: Asked): Listing {
  const { prefix, delimiter, most, isUrl, after, afterVersion } = asked
  const contents: Version[] = []
  const prefixes: string[] = []
  let last: string | undefined
  let lastVersion: string | undefined
  let isTruncated = false
  let hasPassed = afterVersion === undefined

  const inOrder = all
    .filter(({ key }) => key.startsWith(prefix))
    .map(version => ({ version, bytes: Buffer.from(version.key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  for (const { version } of inOrder) {
    const { key, versionId } = version
    if (key === after && !hasPassed) {
      hasPassed = versionId === afterVersion
      continue
    }
    if (after !== '' && compare(key, after) <= 0 && !(key === after && afterVersion !== undefined)) continue
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length)
    // Told already, on this page or the one before.
    if (common !== undefined && (common === prefixes.at(-1) || (after !== '' && common === after))) continue
    if (contents.length + prefixes.length >= most) {
      isTruncated = most > 0
      break
    }
    if (common === undefined) contents.push(version)
    else prefixes.push(common)
    last = common ?? key
    lastVersion = common === undefined ? versionId : undefined
  }
  const encode = (text: string) => (isUrl ? encodeURIComponent(text).replaceAll('%2F', '/') : text)
  return { contents, prefixes, isTruncated, last, lastVersion, encode }
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
