import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  type ListObjectsCommandOutput,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let client: S3Client
beforeAll(async () => {
  trial = await startTrial()
  client = trial.client
})
afterAll(() => trial.stop())

let made = 0
async function bucket(): Promise<string> {
  const Bucket = `hall-${made++}`
  await client.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}
const put = (Bucket: string, Key: string, Body: string | Uint8Array, more = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const text = async (Bucket: string, Key: string, more = {}) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString()

test('a bucket is made, found and taken down, but not while there is something in it', async () => {
  const Bucket = await bucket()
  const { Buckets } = await client.send(new ListBucketsCommand({}))
  expect(Buckets).toContainEqual(expect.objectContaining({ Name: Bucket, CreationDate: expect.any(Date) }))
  expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' })
  // us-east-1 has no name.
  expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined()
  await put(Bucket, 'a', 'b')
  await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
    message: 'The bucket you tried to delete is not empty',
    $metadata: { httpStatusCode: 409 },
  })
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  await client.send(new DeleteBucketCommand({ Bucket }))
  await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' })
  await expect(put(Bucket, 'a', 'b')).rejects.toMatchObject({
    name: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
    $metadata: { httpStatusCode: 404 },
  })
  for (const name of ['Upper', 'a..b', 'xn--hall', '10.0.0.1']) {
    await expect(client.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
      message: 'The specified bucket is not valid.',
    })
  }
})

test('an object comes back with its bytes, its headers and its checksum', async () => {
  const Bucket = await bucket()
  const Key = 'a folder/ä+b%20&c//d'
  const put1 = await put(Bucket, Key, 'hello', {
    ContentType: 'text/plain',
    CacheControl: 'no-cache',
    Metadata: { who: 'ana' },
    Tagging: 'mood=good',
  })
  expect(put1).toMatchObject({
    ETag: `"${createHash('md5').update('hello').digest('hex')}"`,
    ChecksumCRC32: 'NhCmhg==',
    ServerSideEncryption: 'AES256',
  })
  const { Body, ...got } = await client.send(new GetObjectCommand({ Bucket, Key }))
  expect(await Body!.transformToString()).toBe('hello')
  expect(got).toMatchObject({
    ContentType: 'text/plain',
    ContentLength: 5,
    CacheControl: 'no-cache',
    Metadata: { who: 'ana' },
    TagCount: 1,
    ChecksumCRC32: 'NhCmhg==',
    ChecksumType: 'FULL_OBJECT',
  })
  expect(await client.send(new GetObjectTaggingCommand({ Bucket, Key }))).toMatchObject({
    TagSet: [{ Key: 'mood', Value: 'good' }],
  })
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
  expect(head).toMatchObject({ ContentLength: 5, ETag: put1.ETag, LastModified: expect.any(Date) })
  expect(await text(Bucket, Key, { Range: 'bytes=1-3' })).toBe('ell')
  expect(await text(Bucket, Key, { Range: 'bytes=-2' })).toBe('lo')
  await expect(text(Bucket, Key, { Range: 'bytes=9-' })).rejects.toMatchObject({ name: 'InvalidRange' })
  await expect(text(Bucket, Key, { IfNoneMatch: put1.ETag })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  })
  await expect(put(Bucket, Key, 'again', { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  })
  await expect(text(Bucket, 'nothing')).rejects.toMatchObject({
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
  })
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject({
    name: 'NotFound',
  })
})

test('bodies that come in chunks with a checksum behind them are taken apart, and wrong checksums refused', async () => {
  const Bucket = await bucket()
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
    const Body = Readable.from([Buffer.from('in '), Buffer.from('two')])
    const put = new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: 6, ChecksumAlgorithm })
    await client.send(put)
    const { Body: got, ContentEncoding } = await client.send(
      new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }),
    )
    expect([await got!.transformToString(), ContentEncoding]).toEqual(['in two', undefined])
  }
  await expect(
    put(Bucket, 'k', 'hello', { ChecksumSHA1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=' }),
  ).resolves.toBeDefined()
  await expect(
    put(Bucket, 'k', 'other', { ChecksumSHA1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=' }),
  ).rejects.toMatchObject({
    name: 'BadDigest',
    message: 'The SHA1 you specified did not match the calculated checksum.',
  })
  await expect(put(Bucket, 'k', 'other', { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' })).rejects.toMatchObject({
    name: 'BadDigest',
    message: 'The Content-MD5 you specified did not match what we received.',
  })
  // An SDK that sends no checksum of its own gets S3's.
  const silent = new S3Client({
    endpoint: trial.endpoint,
    region: 'us-east-1',
    credentials: trial.credentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  const answer = await silent.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '123456789' }))
  expect(answer.ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'))
  silent.destroy()
})

test('a listing is made by prefix, delimiter and page, in the order of bytes', async () => {
  const Bucket = await bucket()
  for (const key of ['b', 'a/1', 'a/2', 'a/b/3', 'ä', 'Z']) await put(Bucket, key, key)
  const keys = ({ Contents = [] }: ListObjectsCommandOutput) => Contents.map(({ Key }) => Key)
  expect(keys(await client.send(new ListObjectsV2Command({ Bucket })))).toEqual([
    'Z',
    'a/1',
    'a/2',
    'a/b/3',
    'b',
    'ä',
  ])
  const top = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', EncodingType: 'url' }))
  expect([keys(top), top.CommonPrefixes, top.KeyCount]).toEqual([['Z', 'b', '%C3%A4'], [{ Prefix: 'a/' }], 4])
  const pages: (string | undefined)[][] = []
  let ContinuationToken: string | undefined
  do {
    const page: Awaited<ReturnType<typeof nextPage>> = await nextPage(ContinuationToken)
    pages.push([...keys(page), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)])
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken)
  expect(pages).toEqual([['a/1', 'a/2'], ['a/b/']])
  expect(keys(await client.send(new ListObjectsCommand({ Bucket, Marker: 'a/2', MaxKeys: 1 })))).toEqual([
    'a/b/3',
  ])

  function nextPage(token: string | undefined) {
    return client.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'a/',
        Delimiter: '/',
        MaxKeys: 2,
        ...(token ? { ContinuationToken: token } : {}),
      }),
    )
  }
})

test('an object is copied, with its description or another', async () => {
  const Bucket = await bucket()
  await put(Bucket, 'from here', 'hello', { ContentType: 'text/plain', Metadata: { who: 'ana' } })
  const CopySource = `${Bucket}/${encodeURIComponent('from here')}`
  const { CopyObjectResult } = await client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }))
  expect(CopyObjectResult?.ETag).toMatch(/^"\w{32}"$/)
  const same = await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }))
  expect(same).toMatchObject({ ContentType: 'text/plain', Metadata: { who: 'ana' } })
  const replace = { MetadataDirective: 'REPLACE', Metadata: { who: 'ben' } } as const
  await client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource, ...replace }))
  expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).Metadata).toEqual({ who: 'ben' })
  await expect(
    client.send(new CopyObjectCommand({ Bucket, Key: 'from here', CopySource })),
  ).rejects.toMatchObject({ name: 'InvalidRequest' })
})

test('an object that comes in parts is one when it is complete', async () => {
  const Bucket = await bucket()
  const Key = 'big'
  const first = Buffer.alloc(5 * 1024 * 1024, 'a')
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32' }),
  )
  const part = (PartNumber: number, Body: Uint8Array | string) =>
    client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
  const parts = [await part(1, first), await part(2, 'end')].map(({ ETag, ChecksumCRC32 }, place) => ({
    PartNumber: place + 1,
    ETag,
    ChecksumCRC32,
  }))
  const listed = await client.send(new ListPartsCommand({ Bucket, Key, UploadId }))
  expect(listed.Parts?.map(({ Size }) => Size)).toEqual([first.length, 3])
  const complete = (Parts: typeof parts) =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
  await expect(complete([...parts].reverse())).rejects.toMatchObject({ name: 'InvalidPartOrder' })
  await expect(complete([{ ...parts[0]!, ETag: '"none"' }])).rejects.toMatchObject({ name: 'InvalidPart' })
  const done = await complete(parts)
  expect(done.ETag).toMatch(/^"\w{32}-2"$/)
  expect(done.ChecksumCRC32).toMatch(/-2$/)
  const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key }))
  expect(ContentLength).toBe(first.length + 3)
  expect(await text(Bucket, Key, { Range: 'bytes=-5' })).toBe('aaend')
  expect(await text(Bucket, Key, { PartNumber: 2 })).toBe('end')
  await expect(complete(parts)).rejects.toMatchObject({ name: 'NoSuchUpload' })

  const again = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'copied' }))
  const copied = await client.send(
    new UploadPartCopyCommand({
      Bucket,
      Key: 'copied',
      UploadId: again.UploadId,
      PartNumber: 1,
      CopySource: `${Bucket}/${Key}`,
      CopySourceRange: `bytes=${first.length}-${first.length + 2}`,
    }),
  )
  await client.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key: 'copied',
      UploadId: again.UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: copied.CopyPartResult?.ETag }] },
    }),
  )
  expect(await text(Bucket, 'copied')).toBe('end')
})

test('where versions are kept, what was deleted can be restored', async () => {
  const Bucket = await bucket()
  await put(Bucket, 'k', 'before')
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  const { VersionId } = await put(Bucket, 'k', 'after')
  expect(VersionId).toMatch(/^[\w-]{32}$/)
  expect(await text(Bucket, 'k', { VersionId: 'null' })).toBe('before')
  const gone = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
  expect(gone.DeleteMarker).toBe(true)
  await expect(text(Bucket, 'k')).rejects.toMatchObject({ name: 'NoSuchKey' })
  expect(await text(Bucket, 'k', { VersionId })).toBe('after')
  const all = await client.send(new ListObjectVersionsCommand({ Bucket }))
  expect(all.DeleteMarkers).toMatchObject([{ Key: 'k', IsLatest: true, VersionId: gone.VersionId }])
  expect(all.Versions?.map(one => one.VersionId)).toEqual([VersionId, 'null'])
  await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
  })
  const Objects = [...all.Versions!, ...all.DeleteMarkers!].map(one => ({
    Key: one.Key!,
    VersionId: one.VersionId,
  }))
  const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  expect([Deleted?.length, Errors]).toEqual([3, undefined])
  await client.send(new DeleteBucketCommand({ Bucket }))
})

test('a bucket is found in the path and in the host, and by services that read code', async () => {
  const Bucket = await bucket()
  await put(Bucket, 'code.zip', 'bytes')
  const { port } = new URL(trial.endpoint)
  const named = new S3Client({
    endpoint: `http://localhost:${port}`,
    region: 'us-east-1',
    credentials: trial.credentials,
    maxAttempts: 1,
    requestHandler: { httpAgent: new http.Agent({ lookup: toLoopback }) },
  })
  const got = await named.send(new GetObjectCommand({ Bucket, Key: 'code.zip' }))
  expect(await got.Body!.transformToString()).toBe('bytes')
  named.destroy()
  expect(readFileSync(trial.s3.objects.find(Bucket, 'code.zip').path, 'utf8')).toBe('bytes')
  expect(() => trial.s3.objects.find(Bucket, 'other.zip')).toThrow('The specified key does not exist.')
  expect(() => trial.s3.objects.find('nobody', 'other.zip')).toThrow('The specified bucket does not exist')
})

/** `hall-1.localhost` is not known to every system. */
const toLoopback: http.AgentOptions['lookup'] = (_, options, found) => {
  if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }])
  else found(null, '127.0.0.1', 4)
}
