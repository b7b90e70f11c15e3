import { allIn, textIn, type XmlElement } from '../door/protocols/xml.ts'
import type { Bucket, Upload, Version } from './bucket.ts'
import { invalidArgument, malformedXml } from './errors.ts'

/** What lifecycle rules have had their way with. */
interface Expired {
  /** Current versions that expire. */
  readonly current: readonly Version[]
  /** Noncurrent versions, and delete markers that hide nothing any more. */
  readonly noncurrent: readonly Version[]
  readonly uploads: readonly Upload[]
}

const DAY = 24 * 60 * 60 * 1000

/** Throws `MalformedXML` and `InvalidArgument`. */
export function checkLifecycle(document: XmlElement): void {
  const rules = allIn(document, 'Rule')
  if (rules.length === 0) throw malformedXml()
  for (const rule of rules) {
    if (!['Enabled', 'Disabled'].includes(textIn(rule, 'Status') ?? '')) throw malformedXml()
    for (const name of ['Expiration', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload']) {
      for (const action of allIn(rule, name)) {
        for (const { name: member, text } of action.children) {
          if (/Days/.test(member) && !(Number.isInteger(Number(text)) && Number(text) > 0)) {
            throw invalidArgument(`'${member}' for ${name} action must be a positive integer`)
          }
        }
      }
    }
  }
}

/** What of a bucket is over by its rules at `now`: S3 rounds up to the next midnight UTC. */
export function expiredAt(bucket: Bucket, now: number): Expired {
  const rules = allIn(bucket.settings.get('lifecycle'), 'Rule').filter(
    rule => textIn(rule, 'Status') === 'Enabled',
  )
  const versions = [...bucket.objects.values()]
  const current = versions.flatMap(all => all.at(-1)!).filter(one => !one.isMarker)
  return {
    current: current.filter(one => rules.some(rule => isAbout(rule, one) && hasExpired(rule, one, now))),
    noncurrent: versions.flatMap(all =>
      all.filter((one, place) =>
        rules.some(rule => isAbout(rule, one) && isPast(rule, one, all.slice(place + 1), all.length, now)),
      ),
    ),
    uploads: [...bucket.uploads.values()].filter(upload =>
      rules.some(
        rule =>
          upload.key.startsWith(prefixOf(rule)) &&
          isOver(
            upload.startedAt,
            daysIn(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
            now,
          ),
      ),
    ),
  }
}

function hasExpired(rule: XmlElement, { modified }: Version, now: number): boolean {
  const date = textIn(allIn(rule, 'Expiration')[0], 'Date')
  return (
    isOver(modified, daysIn(rule, 'Expiration', 'Days'), now) ||
    (date !== undefined && Date.parse(date) <= now)
  )
}

function isPast(
  rule: XmlElement,
  version: Version,
  newer: readonly Version[],
  count: number,
  now: number,
): boolean {
  const [successor] = newer
  if (!successor) {
    const clears = textIn(allIn(rule, 'Expiration')[0], 'ExpiredObjectDeleteMarker') === 'true'
    return version.isMarker && count === 1 && clears
  }
  const kept = Number(textIn(allIn(rule, 'NoncurrentVersionExpiration')[0], 'NewerNoncurrentVersions') ?? 0)
  const days = daysIn(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays')
  return newer.length > kept && isOver(successor.modified, days, now)
}

const daysIn = (rule: XmlElement, action: string, member: string): number | undefined => {
  const text = textIn(allIn(rule, action)[0], member)
  return text === undefined ? undefined : Number(text)
}

const isOver = (since: number, days: number | undefined, now: number): boolean =>
  days !== undefined && Math.ceil((since + days * DAY) / DAY) * DAY <= now

function isAbout(rule: XmlElement, { key, size, tags }: Version): boolean {
  const [filter] = allIn(rule, 'Filter')
  const where = allIn(filter, 'And')[0] ?? filter
  const greater = textIn(where, 'ObjectSizeGreaterThan')
  const less = textIn(where, 'ObjectSizeLessThan')
  return (
    key.startsWith(prefixOf(rule)) &&
    allIn(where, 'Tag').every(tag => tags.get(textIn(tag, 'Key') ?? '') === textIn(tag, 'Value')) &&
    (greater === undefined || size > Number(greater)) &&
    (less === undefined || size < Number(less))
  )
}

function prefixOf(rule: XmlElement): string {
  const [filter] = allIn(rule, 'Filter')
  return textIn(allIn(filter, 'And')[0] ?? filter, 'Prefix') ?? textIn(rule, 'Prefix') ?? ''
}
