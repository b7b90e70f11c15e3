import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { allIn, readXml, textIn } from '../door/protocols/xml.ts'
import { AwsError } from '../error.ts'
import type { Call, Operation, RestInput } from '../service.ts'
import { headerOf, ofBucket, ofObject, onBucket } from './access.ts'
import { type Bucket, type Checksum, currentOf, type Part, type Upload } from './bucket.ts'
import { algorithms, checksumOf, USUAL } from './checksums.ts'
import { checkWrite } from './conditions.ts'
import { copySource, readingSource } from './copy-operations.ts'
import { invalidArgument, invalidRequest, malformedXml, noSuchUpload } from './errors.ts'
import { objectHeaders, tagsInHeader } from './headers.ts'
import { ownerOf } from './list-operations.ts'
import { payloadOf } from './payload.ts'
import { md5, type Store } from './store.ts'
import { putting, written } from './write-operations.ts'

/** The least that every part but the last must have. */
const MIN_PART = 5 * 1024 * 1024

/** Uploads in parts, as `aws s3 cp` makes them from 8 MB on. */
export const multipartOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(
    store,
    'CreateMultipartUpload',
    'POST /:bucket/:key?uploads',
    putting,
    ({ bucket, key }, _, call) => {
      const algorithm = headerOf(call, 'x-amz-checksum-algorithm')?.toUpperCase()
      if (algorithm !== undefined && !algorithms[algorithm]) {
        throw invalidRequest(
          'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
        )
      }
      const type = checksumType(algorithm ?? USUAL, headerOf(call, 'x-amz-checksum-type'))
      const upload: Upload = {
        uploadId: randomBytes(48).toString('base64url'),
        key,
        startedAt: store.now(),
        headers: objectHeaders(call, bucket),
        tags: tagsInHeader(call),
        checksum: algorithm === undefined ? undefined : { algorithm, type },
        parts: new Map(),
      }
      bucket.uploads.set(upload.uploadId, upload)
      return {
        headers: {
          ...upload.headers.encryption,
          'x-amz-checksum-algorithm': algorithm,
          'x-amz-checksum-type': algorithm === undefined ? undefined : type,
        },
        root: 'InitiateMultipartUploadResult',
        members: { Bucket: bucket.name, Key: key, UploadId: upload.uploadId },
      }
    },
  ),
  onBucket(
    store,
    'UploadPart',
    'PUT /:bucket/:key?partNumber&uploadId',
    ofObject('s3:PutObject'),
    ({ bucket, key }, input, call) => {
      const { bytes, checksum } = payloadOf(call.wire)
      const part = keepPart(store, uploadOf(bucket, key, input), input, bytes, checksum)
      const sum = part.checksum && {
        [`x-amz-checksum-${part.checksum.algorithm.toLowerCase()}`]: part.checksum.value,
      }
      return { headers: { etag: `"${part.etag}"`, ...sum } }
    },
  ),
  onBucket(
    store,
    'UploadPartCopy',
    'PUT /:bucket/:key?partNumber&uploadId&x-amz-copy-source',
    (place, input, call) => [...readingSource(store, call), ...ofObject('s3:PutObject')(place, input, call)],
    ({ bucket, key }, input, call) => {
      const { version } = copySource(store, call)
      const [, first, last] =
        /^bytes=(\d+)-(\d+)$/.exec(headerOf(call, 'x-amz-copy-source-range') ?? '') ?? []
      const bytes = readFileSync(version.path)
      const copied = first === undefined ? bytes : bytes.subarray(Number(first), Number(last) + 1)
      const part = keepPart(store, uploadOf(bucket, key, input), input, copied, undefined)
      return {
        root: 'CopyPartResult',
        members: { LastModified: new Date(part.modified), ETag: `"${part.etag}"` },
      }
    },
  ),
  onBucket(
    store,
    'CompleteMultipartUpload',
    'POST /:bucket/:key?uploadId',
    ofObject('s3:PutObject'),
    ({ bucket, key }, input, call) => {
      const upload = uploadOf(bucket, key, input)
      checkWrite(call, key, currentOf(bucket, key))
      const parts = partsNamed(upload, call)
      const bytes = Buffer.concat(parts.map(({ path }) => readFileSync(path)))
      const version = store.put(bucket, {
        key,
        path: store.keep(bytes),
        size: bytes.length,
        etag: `${md5(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex'))))}-${parts.length}`,
        headers: upload.headers,
        checksum: wholeChecksum(upload, parts, bytes),
        tags: new Map(upload.tags),
        parts: parts.map(({ size }) => size),
      })
      drop(store, bucket, upload)
      store.notifier.notify(bucket, { name: 'ObjectCreated:CompleteMultipartUpload', key, version }, call)
      const { etag: ETag, ...headers } = written(version, bucket)
      const { algorithm, value, type } = version.checksum!
      return {
        headers,
        root: 'CompleteMultipartUploadResult',
        members: {
          Location: `https://${bucket.name}.s3.${store.account.region}.${store.account.urlSuffix}/${encodeURIComponent(key)}`,
          Bucket: bucket.name,
          Key: key,
          ETag,
          [`Checksum${algorithm}`]: value,
          ChecksumType: type,
        },
      }
    },
  ),
  onBucket(
    store,
    'AbortMultipartUpload',
    'DELETE /:bucket/:key?uploadId',
    ofObject('s3:AbortMultipartUpload'),
    ({ bucket, key }, input) => {
      drop(store, bucket, uploadOf(bucket, key, input))
      return { status: 204 }
    },
  ),
  onBucket(
    store,
    'ListParts',
    'GET /:bucket/:key?uploadId',
    ofObject('s3:ListMultipartUploadParts'),
    ({ bucket, key }, input) => {
      const { uploadId, parts } = uploadOf(bucket, key, input)
      const most = Math.min(Number(input.query['max-parts'] ?? 1000), 1000)
      const after = Number(input.query['part-number-marker'] ?? 0)
      const left = inOrder(parts.values()).filter(({ number }) => number > after)
      const shown = left.slice(0, most)
      return {
        root: 'ListPartsResult',
        members: {
          Bucket: bucket.name,
          Key: key,
          UploadId: uploadId,
          Initiator: ownerOf(store),
          Owner: ownerOf(store),
          StorageClass: 'STANDARD',
          PartNumberMarker: after,
          NextPartNumberMarker: shown.at(-1)?.number ?? 0,
          MaxParts: most,
          IsTruncated: String(shown.length < left.length),
          Part: shown.map(({ number, modified, etag, size, checksum }) => ({
            PartNumber: number,
            LastModified: new Date(modified),
            ETag: `"${etag}"`,
            Size: size,
            ...(checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {}),
          })),
        },
      }
    },
  ),
  onBucket(
    store,
    'ListMultipartUploads',
    'GET /:bucket?uploads',
    ofBucket('s3:ListBucketMultipartUploads'),
    ({ bucket }, { query }) => {
      const uploads = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(query.prefix ?? ''))
      return {
        root: 'ListMultipartUploadsResult',
        members: {
          Bucket: bucket.name,
          KeyMarker: '',
          UploadIdMarker: '',
          MaxUploads: 1000,
          IsTruncated: 'false',
          Prefix: query.prefix,
          Upload: uploads.map(({ key, uploadId, startedAt }) => ({
            Key: key,
            UploadId: uploadId,
            Initiator: ownerOf(store),
            Owner: ownerOf(store),
            StorageClass: 'STANDARD',
            Initiated: new Date(startedAt),
          })),
        },
      }
    },
  ),
]

/** Ends an upload, and what its parts have taken. */
export function drop(store: Store, bucket: Bucket, { uploadId, parts }: Upload): void {
  bucket.uploads.delete(uploadId)
  for (const { path } of parts.values()) store.discard(path)
}

function uploadOf(bucket: Bucket, key: string, { query }: RestInput): Upload {
  const upload = bucket.uploads.get(query.uploadId ?? '')
  if (upload?.key !== key) throw noSuchUpload(query.uploadId ?? '')
  return upload
}

function keepPart(
  store: Store,
  upload: Upload,
  { query }: RestInput,
  bytes: Buffer,
  sent: Part['checksum'],
): Part {
  const number = Number(query.partNumber)
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    const message = 'Part number must be an integer between 1 and 10000, inclusive'
    throw invalidArgument(message, 'partNumber', query.partNumber)
  }
  const algorithm = upload.checksum?.algorithm
  const own = algorithm === undefined ? undefined : { algorithm, value: checksumOf(algorithm, bytes) }
  const old = upload.parts.get(number)
  if (old) store.discard(old.path)
  const part: Part = {
    number,
    path: store.keep(bytes),
    size: bytes.length,
    etag: md5(bytes),
    modified: store.now(),
    checksum: own ?? sent,
  }
  upload.parts.set(number, part)
  return part
}

/** The parts that the client names, which must be all right. */
function partsNamed({ parts }: Upload, call: Call): readonly Part[] {
  const request = readXml(payloadOf({ ...call.wire, headers: {} }).bytes.toString())
  const named = allIn(request, 'Part')
  if (request?.name !== 'CompleteMultipartUpload' || named.length === 0) throw malformedXml()
  const numbers = named.map(one => Number(textIn(one, 'PartNumber')))
  if (numbers.some((number, place) => place > 0 && number <= numbers[place - 1]!)) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    )
  }
  return named.map((one, place) => {
    const number = numbers[place]!
    const part = parts.get(number)
    if (part?.etag !== textIn(one, 'ETag')?.replaceAll('"', '')) throw invalidPart()
    const { checksum } = part!
    const sum = checksum && textIn(one, `Checksum${checksum.algorithm}`)
    if (sum && sum !== checksum.value) throw invalidPart()
    if (part!.size < MIN_PART && place < named.length - 1) {
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        { ProposedSize: part!.size, MinSizeAllowed: MIN_PART, PartNumber: number, ETag: part!.etag },
      )
    }
    return part!
  })
}

function wholeChecksum({ checksum }: Upload, parts: readonly Part[], bytes: Buffer): Checksum {
  const { algorithm, type } = checksum ?? { algorithm: USUAL, type: 'FULL_OBJECT' as const }
  if (type === 'FULL_OBJECT') return { algorithm, value: checksumOf(algorithm, bytes), type }
  const sums = Buffer.concat(parts.map(part => Buffer.from(part.checksum!.value, 'base64')))
  return { algorithm, value: `${checksumOf(algorithm, sums)}-${parts.length}`, type }
}

/** "Full object and composite checksum types" in the S3 guide. */
function checksumType(algorithm: string, asked: string | undefined): Checksum['type'] {
  const usual = algorithm === USUAL ? 'FULL_OBJECT' : 'COMPOSITE'
  const type = (asked ?? usual) as Checksum['type']
  const isPossible = type === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : algorithm !== USUAL
  if (!isPossible || !['FULL_OBJECT', 'COMPOSITE'].includes(type)) {
    throw invalidRequest(
      `The ${asked} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  }
  return type
}

const inOrder = (parts: Iterable<Part>) => [...parts].sort((a, b) => a.number - b.number)

const invalidPart = () =>
  new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  )
