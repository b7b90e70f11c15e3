import type { Account } from '../account.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { CodeSource } from './code.ts'
import type { Configuration } from './configuration.ts'
import { findFunction, type LambdaFunction, qualifiedArn } from './functions.ts'
import type { Pool } from './pool.ts'
import { aliasRights, layerVersionRights, versionRights } from './rights.ts'

/** Makes a version of what a function is now. Answers with its number. */
export type Publish = (fn: LambdaFunction, description?: string) => string

/** A version has instances of its own. */
export const publisher =
  (startPool: (configuration: Configuration) => Pool): Publish =>
  (fn, description) => {
    const number = String(++fn.lastVersion)
    const latest = fn.versions.get('$LATEST')!.configuration
    const configuration = { ...latest, version: number, description: description ?? latest.description }
    fn.versions.set(number, { configuration, pool: startPool(configuration) })
    return number
  }

/** AWS::Lambda::Version, Alias and LayerVersion. `layers` maps a layer version's ARN to the folder of its content. */
export function versionResources({
  functions,
  account,
  publish,
  layers,
  layLayer,
}: {
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly account: Account
  readonly publish: Publish
  readonly layers: Map<string, string>
  readonly layLayer: (source: CodeSource) => string
}): readonly ResourceType[] {
  const layerVersions = new Map<string, number>()

  return [
    {
      type: 'AWS::Lambda::Version',
      rights: versionRights,
      properties: { FunctionName: 'replace', Description: 'replace', CodeSha256: 'replace' },
      attributes: ['Version', 'FunctionArn'],
      create({ properties }) {
        const { fn } = findFunction(functions, account, properties.FunctionName)
        const number = publish(fn, properties.Description)
        const arn = qualifiedArn(fn.arn, number)
        return { physicalId: arn, attributes: { Version: number, FunctionArn: arn } }
      },
      delete({ attributes, properties }) {
        const fn = functions.get(nameIn(properties.FunctionName))
        const number = String(attributes.Version)
        fn?.versions.get(number)?.pool.retire()
        fn?.versions.delete(number)
      },
    },
    {
      type: 'AWS::Lambda::Alias',
      rights: aliasRights,
      properties: {
        FunctionName: 'replace',
        Name: 'replace',
        FunctionVersion: 'update',
        Description: 'update',
      },
      attributes: ['AliasArn'],
      create: ({ properties }) => pointAlias(properties),
      update: ({ properties }) => pointAlias(properties),
      delete({ properties }) {
        functions.get(nameIn(properties.FunctionName))?.aliases.delete(properties.Name)
      },
    },
    {
      type: 'AWS::Lambda::LayerVersion',
      rights: layerVersionRights,
      properties: {
        LayerName: 'replace',
        Content: 'replace',
        CompatibleRuntimes: 'replace',
        CompatibleArchitectures: 'replace',
        Description: 'replace',
        LicenseInfo: 'replace',
      },
      attributes: ['LayerVersionArn'],
      create({ properties, inventName }) {
        const name: string = properties.LayerName ?? inventName(64)
        const number = (layerVersions.get(name) ?? 0) + 1
        const { partition, region, accountId } = account
        const arn = `arn:${partition}:lambda:${region}:${accountId}:layer:${name}:${number}`
        layers.set(arn, layLayer(properties.Content))
        layerVersions.set(name, number)
        return { physicalId: arn, attributes: { LayerVersionArn: arn } }
      },
      // A function made from it keeps its own copy, as on AWS.
      delete: ({ physicalId }) => {
        layers.delete(physicalId)
      },
    },
  ]

  function pointAlias(properties: Readonly<Record<string, any>>) {
    const { FunctionName, Name, FunctionVersion } = properties
    const { fn } = findFunction(functions, account, FunctionName)
    if (!fn.versions.has(String(FunctionVersion))) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Function not found: ${qualifiedArn(fn.arn, FunctionVersion)}`,
        404,
      )
    }
    fn.aliases.set(Name, String(FunctionVersion))
    const arn = qualifiedArn(fn.arn, Name)
    return { physicalId: arn, attributes: { AliasArn: arn } }
  }
}

const nameIn = (nameOrArn: string) => /function:([\w-]+)/.exec(nameOrArn)?.[1] ?? nameOrArn
