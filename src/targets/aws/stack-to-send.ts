import { join } from 'node:path'
import { type Assembly, DeployFailed } from '#kit'
import {
  type Artifact,
  AssemblyProblem,
  metadataOf,
  readJson,
  readManifest,
} from '../../cloud/cloudformation/manifest.ts'
import { AwsTrouble } from './trouble.ts'

/** What CreateStack is told of a stack. */
export interface StackToSend {
  readonly templateBody: string
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

/** CloudFormation's quota on a template that is sent along, in bytes. */
const MAX_BODY = 51_200

/**
 * Reads the assembly's one stack. Throws `DeployFailed` for an assembly that cannot be read, and `AwsTrouble` for one
 * that cannot be sent: with file assets, or too large.
 */
export function stackToSend({ directory, stackName }: Assembly): StackToSend {
  try {
    return read(directory, stackName)
  } catch (error) {
    if (error instanceof AssemblyProblem) throw new DeployFailed({ reason: error.message })
    throw error
  }
}

function read(directory: string, stackName: string): StackToSend {
  const { artifacts } = readManifest(directory)
  const found = Object.entries(artifacts).find(
    ([id, { type, properties }]) =>
      type === 'aws:cloudformation:stack' && (properties?.stackName ?? id) === stackName,
  )
  if (!found) throw new AssemblyProblem(`There is no stack ${stackName} in the assembly ${directory}.`)
  const [, artifact] = found
  const { templateFile, parameters = {}, tags = {} } = artifact.properties ?? {}

  const assets = assetsOf(directory, artifact, artifacts)
  if (assets.length > 0) {
    throw new AwsTrouble(
      'file-assets',
      `The stack ${stackName} brings files along (${assets.join(', ')}); this target takes stacks without file assets for now.`,
      'Run it in the local cloud, or write its functions with inline code.',
    )
  }
  // Without the white space of the file more of it fits.
  const templateBody = JSON.stringify(readJson(join(directory, templateFile)))
  const bytes = Buffer.byteLength(templateBody)
  if (bytes > MAX_BODY) {
    throw new AwsTrouble(
      'too-large',
      `The template of ${stackName} has ${bytes} bytes; CloudFormation takes ${MAX_BODY} without a bucket.`,
      'Run it in the local cloud, or make the stack smaller.',
    )
  }
  return { templateBody, parameters, tags }
}

/** The assets of a stack but its own template, by whatever name they have: in a manifest beside it, or in its metadata. */
function assetsOf(
  directory: string,
  artifact: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): readonly string[] {
  const modern = (artifact.dependencies ?? [])
    .map(name => artifacts[name])
    .filter(one => one?.type === 'cdk:asset-manifest')
    .flatMap(one => {
      const manifest = readJson(join(directory, one!.properties?.file)) as Record<string, any>
      const all = Object.entries<any>({ ...manifest.files, ...manifest.dockerImages })
      return all.filter(([, { source }]) => source?.path !== artifact.properties?.templateFile)
    })
    .map(([id, { displayName }]) => displayName ?? id)
  const legacy = Object.values(metadataOf(directory, artifact)).flatMap(entries =>
    entries.filter(({ type }) => type === 'aws:cdk:asset').map(({ data }) => data?.path ?? data?.id),
  )
  return [...modern, ...legacy]
}
