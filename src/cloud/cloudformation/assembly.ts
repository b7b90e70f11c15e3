import { join, resolve } from 'node:path'
import type { Account } from '../account.ts'
import { assetsOf, legacyAssets, objectsIn } from './assets.ts'
import { type Artifact, AssemblyProblem, metadataOf, NotThere, readJson, readManifest } from './manifest.ts'
import { onCycle, waves } from './order.ts'
import type { Objects } from './resource.ts'
import { stackNeeds } from './stack-needs.ts'
import { isObject, type Template } from './template.ts'

export { AssemblyProblem, NotThere }

/** A cloud assembly, read: what `cdk synth` leaves behind. */
export interface CloudAssembly {
  readonly directory: string
  /** In the order in which they can be deployed: each after those it depends on, imports from or reads outputs of. */
  readonly stacks: readonly AssemblyStack[]
}

/** One stack of an assembly, ready to be deployed. */
export interface AssemblyStack {
  readonly stackName: string
  /** The path in the app by which `cdk deploy` calls it: `Prod/Chat`. */
  readonly displayName: string
  /** Unique in the assembly; with a slash for one in a stage: `assembly-Prod/ProdChat1234`. */
  readonly id: string
  readonly template: Template
  /** Where the legacy synthesizer's assets lie; empty otherwise. */
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** The account and region that the app asks for, where it does. */
  readonly environment: { readonly accountId?: string; readonly region?: string }
  readonly objects: Objects
  /** Container images among its assets, by name: they cannot be run here. */
  readonly dockerImages: readonly string[]
  /** The ids of the stacks that must be there before it. */
  readonly needs: ReadonlySet<string>
}

/**
 * Reads a cloud assembly with the assemblies in it (one for each `Stage`). Throws `AssemblyProblem` with a sentence
 * that says what is wrong with the folder.
 */
export function readAssembly(directory: string, account: Account): CloudAssembly {
  const root = resolve(directory)
  const stacks = stacksIn(root, '', account)
  if (stacks.length === 0) throw new AssemblyProblem(`There are no stacks in the cloud assembly ${root}.`)
  return { directory: root, stacks: inOrder(stacks, account) }
}

/**
 * The stacks to deploy: those called by name, display name or id together with what they need, or all. Throws
 * `NotThere` for a name that is not there.
 */
export function selectStacks(
  { stacks }: CloudAssembly,
  names: readonly string[] = [],
): readonly AssemblyStack[] {
  const chosen = new Set(names.flatMap(name => called(name, stacks)))
  for (const id of chosen) for (const need of stacks.find(one => one.id === id)!.needs) chosen.add(need)
  return names.length === 0 ? stacks : stacks.filter(({ id }) => chosen.has(id))
}

function called(name: string, stacks: readonly AssemblyStack[]): readonly string[] {
  const found = stacks.filter(one => [one.stackName, one.displayName, one.id].includes(name))
  if (found.length > 0) return found.map(({ id }) => id)
  const known = stacks.map(({ displayName }) => displayName).join(', ')
  throw new NotThere(`There is no stack ${name} in the assembly. It has ${known}.`)
}

function stacksIn(directory: string, prefix: string, account: Account): readonly AssemblyStack[] {
  const { artifacts, missing = [] } = readManifest(directory)
  if (missing.length > 0) {
    const providers = [...new Set(missing.map(({ provider }) => provider))].join(', ')
    throw new AssemblyProblem(
      `The assembly ${directory} is not finished: synth still has to look up ${providers} in an account. Give it the values as context.`,
    )
  }
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') {
      const name = artifact.properties?.directoryName ?? id
      return stacksIn(join(directory, name), `${prefix}${id}/`, account)
    }
    if (artifact.type !== 'aws:cloudformation:stack') return []
    return [readStack(directory, prefix, id, artifact, artifacts, account)]
  })
}

function readStack(
  directory: string,
  prefix: string,
  id: string,
  artifact: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
  account: Account,
): AssemblyStack {
  const { templateFile, stackName = id, parameters = {}, tags = {} } = artifact.properties ?? {}
  if (typeof templateFile !== 'string') throw new AssemblyProblem(`The stack ${id} has no template.`)
  const template = readJson(join(directory, templateFile))
  if (!isObject(template)) throw new AssemblyProblem(`${templateFile} is not a template.`)
  const dependencies = artifact.dependencies ?? []
  const modern = dependencies
    .map(name => artifacts[name])
    .filter(one => one?.type === 'cdk:asset-manifest')
    .map(one => assetsOf(directory, one!.properties?.file, account))
  const legacy = legacyAssets(directory, metadataOf(directory, artifact))
  const assets = [...modern, legacy]
  const [accountId, region] = (artifact.environment ?? '').replace('aws://', '').split('/')
  return {
    id: `${prefix}${id}`,
    stackName,
    displayName: artifact.displayName ?? stackName,
    template: template as unknown as Template,
    parameters: { ...parameters, ...legacy.parameters },
    tags,
    environment: {
      ...(/^\d{12}$/.test(accountId ?? '') && { accountId: accountId! }),
      ...(region && region !== 'unknown-region' && { region }),
    },
    objects: objectsIn(new Map(assets.flatMap(({ files }) => [...files]))),
    dockerImages: assets.flatMap(({ dockerImages }) => dockerImages),
    needs: new Set(dependencies.filter(name => isStack(artifacts[name])).map(name => `${prefix}${name}`)),
  }
}

/** Adds what the templates themselves tell of who needs whom, and sorts. */
function inOrder(stacks: readonly AssemblyStack[], account: Account): readonly AssemblyStack[] {
  const implied = stackNeeds(stacks, account)
  const complete = stacks.map(one => ({ ...one, needs: new Set([...one.needs, ...implied.get(one.id)!]) }))
  const needs = new Map(complete.map(one => [one.id, one.needs]))
  const names = onCycle(needs, needs.keys()).map(id => complete.find(one => one.id === id)!.displayName)
  if (names.length > 0) throw new AssemblyProblem(`The stacks ${names.join(', ')} depend on each other.`)
  return waves(needs)
    .flat()
    .map(id => complete.find(one => one.id === id)!)
}

const isStack = (artifact: Artifact | undefined) => artifact?.type === 'aws:cloudformation:stack'
