import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { AssemblyProblem, type MetadataEntry, readJson } from './manifest.ts'
import { noSuchKey } from './objects.ts'
import type { Objects } from './resource.ts'

/** What a stack brings along. */
export interface Assets {
  /** `s3://bucket/key` → a file or folder. */
  readonly files: ReadonlyMap<string, string>
  /** Container images, by name. They cannot be run here. */
  readonly dockerImages: readonly string[]
}

/** Reads an asset manifest, `*.assets.json`: the default, CLI-credentials and other modern synthesizers write one. */
export function assetsOf(directory: string, file: string, account: Account): Assets {
  const manifest = readJson(join(directory, file)) as {
    readonly files?: Readonly<Record<string, any>>
    readonly dockerImages?: Readonly<Record<string, any>>
  }
  const files = new Map<string, string>()
  for (const [id, { source, destinations, displayName }] of Object.entries(manifest.files ?? {})) {
    if (typeof source?.path !== 'string') {
      throw new AssemblyProblem(
        `The asset ${displayName ?? id} is to be built by a command (${source?.executable?.join(' ')}): that is not done here.`,
      )
    }
    for (const { bucketName, objectKey } of Object.values<any>(destinations ?? {})) {
      files.set(fillIn(`s3://${bucketName}/${objectKey}`, account), join(directory, source.path))
    }
  }
  const images = Object.entries(manifest.dockerImages ?? {})
  return { files, dockerImages: images.map(([id, { displayName }]) => displayName ?? id) }
}

/** The bucket that stands in for the one `cdk bootstrap` makes for the legacy synthesizer. */
const LEGACY_BUCKET = 'cdktoolkit-stagingbucket'

/**
 * The assets of a stack that the legacy synthesizer wrote: they are in the stack's metadata, and their places are
 * given to the template as parameters, the key in two halves with `||` between.
 */
export function legacyAssets(
  directory: string,
  metadata: Readonly<Record<string, readonly MetadataEntry[]>>,
): Assets & { readonly parameters: Readonly<Record<string, string>> } {
  const files = new Map<string, string>()
  const dockerImages: string[] = []
  const parameters: Record<string, string> = {}
  const assets = Object.values(metadata).flatMap(entries =>
    entries.filter(({ type }) => type === 'aws:cdk:asset'),
  )
  for (const { data } of assets) {
    if (data.packaging === 'container-image') {
      dockerImages.push(data.id)
      continue
    }
    const suffix = data.packaging === 'zip' ? '.zip' : extension(data.path)
    files.set(
      `s3://${LEGACY_BUCKET}/assets/${data.id}/${data.sourceHash}${suffix}`,
      join(directory, data.path),
    )
    parameters[data.s3BucketParameter] = LEGACY_BUCKET
    parameters[data.s3KeyParameter] = `assets/${data.id}/||${data.sourceHash}${suffix}`
    parameters[data.artifactHashParameter] = data.sourceHash
  }
  return { files, dockerImages, parameters }
}

/** The assets as a store. A file that is listed but missing on disk is said so when it is asked for. */
export function objectsIn(files: ReadonlyMap<string, string>): Objects {
  return {
    find(bucket, key) {
      const path = files.get(`s3://${bucket}/${key}`)
      if (path === undefined) throw noSuchKey(bucket, key)
      if (!existsSync(path)) {
        throw new AwsError(
          'AssetMissing',
          `The asset s3://${bucket}/${key} should be at ${path}, and is not there.`,
          404,
        )
      }
      return { kind: statSync(path).isDirectory() ? 'directory' : 'file', path }
    },
  }
}

/** Puts the account into `${AWS::AccountId}`, `${AWS::Region}`, `${AWS::Partition}` and `${AWS::URLSuffix}`. */
const fillIn = (text: string, { accountId, region, partition, urlSuffix }: Account) =>
  text
    .replaceAll('${AWS::AccountId}', accountId)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::Partition}', partition)
    .replaceAll('${AWS::URLSuffix}', urlSuffix)

const extension = (path: string) => /\.[^./\\]+$/.exec(path)?.[0] ?? ''
