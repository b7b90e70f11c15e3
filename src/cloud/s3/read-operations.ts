import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { XmlAnswer } from '../door/protocols/rest-xml.ts'
import { AwsError } from '../error.ts'
import type { Call, Operation, RestInput } from '../service.ts'
import { headerOf, onBucket, type Place, reading } from './access.ts'
import type { Version } from './bucket.ts'
import { isUnchanged } from './conditions.ts'
import { checksumHeaders, describing } from './headers.ts'
import type { Store } from './store.ts'

/** Reading an object, or only what is known of it. */
export const readOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(store, 'GetObject', 'GET /:bucket/:key', reading('Object'), (place, input, call) =>
    read(store, place, input, call, bytesOf),
  ),
  onBucket(store, 'HeadObject', 'HEAD /:bucket/:key', reading('Object'), (place, input, call) =>
    read(store, place, input, call, () => undefined),
  ),
]

/** `response-content-type` and its kin in the query of a presigned URL. */
const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

function read(
  store: Store,
  { bucket, key }: Place,
  { query }: RestInput,
  call: Call,
  bytesIn: (version: Version, range: Range) => Buffer | undefined,
): XmlAnswer {
  const version = store.version(bucket, key, query.versionId)
  const overrides = OVERRIDES.map(name => [name, query[`response-${name}`]]).filter(([, value]) => value)
  const headers = { ...describing(version, bucket), ...Object.fromEntries(overrides) }
  if (isUnchanged(call, version)) return { status: 304, headers }

  const asked = rangeOf(version, query.partNumber, headerOf(call, 'range'))
  const range = asked ?? { from: 0, to: version.size }
  const bytes = bytesIn(version, range)
  return {
    status: asked ? 206 : 200,
    headers: {
      ...headers,
      ...(headerOf(call, 'x-amz-checksum-mode') === 'ENABLED' && !asked ? checksumHeaders(version) : {}),
      'content-length': String(range.to - range.from),
      'content-range': asked && `bytes ${range.from}-${range.to - 1}/${version.size}`,
      'x-amz-mp-parts-count': query.partNumber && version.parts ? String(version.parts.length) : undefined,
    },
    ...(bytes ? { bytes } : {}),
  }
}

/** Bytes from `from` up to, but not with, `to`. */
interface Range {
  readonly from: number
  readonly to: number
}

/** Throws `InvalidRange`; several ranges at once, and what is no range, give the whole. */
function rangeOf({ size, parts }: Version, part: string | undefined, header = ''): Range | undefined {
  if (part !== undefined) return partOf(parts ?? [size], Number(part))
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (from >= size || to <= from) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header,
      ActualObjectSize: size,
    })
  }
  return { from, to }
}

function partOf(sizes: readonly number[], number: number): Range {
  const size = sizes[number - 1]
  if (size === undefined) {
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416)
  }
  const from = sizes.slice(0, number - 1).reduce((sum, one) => sum + one, 0)
  return { from, to: from + size }
}

function bytesOf({ path, size }: Version, { from, to }: Range): Buffer {
  if (from === 0 && to === size) return readFileSync(path)
  const bytes = Buffer.alloc(to - from)
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, bytes.length, from)
  } finally {
    closeSync(file)
  }
  return bytes
}
