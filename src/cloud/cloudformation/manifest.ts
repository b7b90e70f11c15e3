import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isObject } from './template.ts'

/** A folder that cannot be read as a cloud assembly, and why, in a sentence. */
export class AssemblyProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AssemblyProblem'
  }
}

/** The folder or the stack that was asked for is not there: the choice is wrong, and not the assembly. */
export class NotThere extends AssemblyProblem {}

/** `manifest.json` of a cloud assembly, as far as it concerns us. */
export interface Manifest {
  readonly version: string
  readonly artifacts: Readonly<Record<string, Artifact>>
  /** What synth would have had to look up in an account, and did not. */
  readonly missing?: readonly { readonly key: string; readonly provider: string }[]
}

/** One thing in an assembly: a stack, its assets, an assembly within, or what does not concern us. */
export interface Artifact {
  readonly type: string
  /** `aws://123456789012/us-east-1`, or `aws://unknown-account/unknown-region`. */
  readonly environment?: string
  readonly displayName?: string
  readonly dependencies?: readonly string[]
  readonly properties?: Readonly<Record<string, any>>
  readonly metadata?: Readonly<Record<string, readonly MetadataEntry[]>>
  /** Where the metadata is, when it is not here. */
  readonly additionalMetadataFile?: string
}

/** One note that a construct left behind. */
export interface MetadataEntry {
  readonly type: string
  readonly data?: any
}

/** Reads an assembly's manifest. Throws `AssemblyProblem`: `NotThere` when there is none. */
export function readManifest(directory: string): Manifest {
  const kind = statSync(directory, { throwIfNoEntry: false })
  if (!kind) throw new NotThere(`There is no folder ${directory}.`)
  if (!kind.isDirectory()) {
    throw new NotThere(`${directory} is a file; a cloud assembly is a folder, such as cdk.out.`)
  }
  if (!statSync(join(directory, 'manifest.json'), { throwIfNoEntry: false })) {
    const sam = samTemplateIn(directory)
    if (sam) {
      throw new NotThere(
        `${sam} is a template with the transform AWS::Serverless-2016-10-31 (AWS SAM), which is not run here. --assembly takes what \`cdk synth\` makes.`,
      )
    }
    const inside = statSync(join(directory, 'cdk.out', 'manifest.json'), { throwIfNoEntry: false })
    throw new NotThere(
      inside
        ? `${directory} is no cloud assembly, but it holds one: ${join(directory, 'cdk.out')}.`
        : `There is no manifest.json in ${directory}: it is no cloud assembly. \`cdk synth\` makes one, as cdk.out.`,
    )
  }
  const manifest = readJson(join(directory, 'manifest.json'))
  if (!isObject(manifest) || typeof manifest.version !== 'string' || !isObject(manifest.artifacts ?? {})) {
    throw new AssemblyProblem(`${join(directory, 'manifest.json')} is not the manifest of a cloud assembly.`)
  }
  return { artifacts: {}, ...manifest } as unknown as Manifest
}

/** A template of AWS SAM, where `sam init` and `sam build` put one. */
function samTemplateIn(directory: string): string | undefined {
  return ['template.yaml', 'template.yml', 'template.json']
    .map(name => join(directory, name))
    .find(path => existsSync(path) && readFileSync(path, 'utf8').includes('AWS::Serverless-2016-10-31'))
}

/** What the constructs of a stack left behind, by construct path. */
export function metadataOf(
  directory: string,
  { metadata, additionalMetadataFile }: Artifact,
): Readonly<Record<string, readonly MetadataEntry[]>> {
  const more = additionalMetadataFile ? readJson(join(directory, additionalMetadataFile)) : {}
  return { ...(more as Artifact['metadata']), ...metadata }
}

/** Reads a JSON file. Throws `AssemblyProblem` when it is not there or no JSON. */
export function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new AssemblyProblem(`The assembly speaks of ${basename(path)}, but ${path} cannot be read.`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AssemblyProblem(`${path} is not readable as JSON: ${(error as Error).message}.`)
  }
}
