import type { Account } from '../account.ts'
import type { Properties } from '../cloudformation/properties.ts'
import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'
import type { Access, Operation, RestInput } from '../service.ts'
import { bodyOf } from './body.ts'
import { describeVersion } from './describe-version.ts'
import { type FunctionKeeper, settingsFrom } from './function-resource.ts'
import { findFunction, functionArn, type LambdaFunction, qualifiedArn, readName } from './functions.ts'
import { checkAsked } from './names.ts'
import type { Publish } from './version-resources.ts'

/** Members of UpdateFunctionConfiguration that are properties of AWS::Lambda::Function by the same name. */
const SETTINGS = [
  'Description',
  'Handler',
  'Runtime',
  'Role',
  'Timeout',
  'MemorySize',
  'Environment',
  'Layers',
  'DeadLetterConfig',
  'VpcConfig',
  'LoggingConfig',
  'TracingConfig',
  'EphemeralStorage',
]
/** Members that say which function and state are meant, or how something is encrypted that is not encrypted here. */
const WITHOUT_EFFECT = ['FunctionName', 'RevisionId', 'KMSKeyArn']

/**
 * The operations that change a function past CloudFormation, as `cdk deploy --hotswap`, `cdk watch` and the aws CLI do. A change
 * is there at once: `LastUpdateStatus` is never `InProgress`. A stack that is deployed afterwards sets what its template says.
 */
export function changeOperations({
  functions,
  account,
  keeper,
  publish,
}: {
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly account: Account
  readonly keeper: FunctionKeeper
  readonly publish: Publish
}): readonly Operation<RestInput>[] {
  const access =
    (action: string, more: (input: RestInput) => readonly Access[] = () => []) =>
    (input: RestInput): readonly Access[] => {
      checkAsked(input.params.functionName!, undefined)
      const { name } = readName(input.params.functionName!)
      return [{ action: `lambda:${action}`, resource: functionArn(account, name) }, ...more(input)]
    }

  /** Changes `$LATEST`; throws when there is no such function, or AWS would not take the settings. */
  function change({ params }: RestInput, changed: Properties) {
    const { fn } = findFunction(functions, account, readName(params.functionName!).name)
    keeper.update(settingsFrom({ ...keeper.settingsOf(fn.name).given, ...changed }, fn.name))
    return fn
  }

  return [
    {
      name: 'UpdateFunctionCode',
      route: 'PUT /2015-03-31/functions/:functionName/code',
      access: access('UpdateFunctionCode'),
      run(input) {
        const { S3Bucket, S3Key, S3ObjectVersion, ZipFile, ImageUri, DryRun, Publish } = bodyOf(input)
        if (ImageUri !== undefined) throw notHere('ImageUri: container images are not run here')
        const Code =
          ZipFile === undefined
            ? { S3Bucket, S3Key, ...(S3ObjectVersion && { S3ObjectVersion }) }
            : { zip: Buffer.from(String(ZipFile), 'base64') }
        if (DryRun === true) {
          const { fn } = findFunction(functions, account, readName(input.params.functionName!).name)
          return describeVersion(fn.versions.get('$LATEST')!, undefined)
        }
        const fn = change(input, { Code })
        const number = Publish === true ? publish(fn) : '$LATEST'
        return describeVersion(fn.versions.get(number)!, Publish === true ? number : undefined)
      },
    },
    {
      name: 'UpdateFunctionConfiguration',
      route: 'PUT /2015-03-31/functions/:functionName/configuration',
      access: access('UpdateFunctionConfiguration', input => {
        const { Role } = bodyOf(input)
        return Role === undefined ? [] : [{ action: 'iam:PassRole', resource: String(Role) }]
      }),
      run(input) {
        const given = bodyOf(input)
        const changed = Object.entries(given).filter(
          ([name, value]) => value !== null && !WITHOUT_EFFECT.includes(name),
        )
        const unknown = changed.find(([name]) => !SETTINGS.includes(name))
        if (unknown) throw notHere(`${unknown[0]} is not supported by this local cloud`)
        return describeVersion(change(input, Object.fromEntries(changed)).versions.get('$LATEST')!, undefined)
      },
    },
    {
      name: 'PublishVersion',
      route: 'POST /2015-03-31/functions/:functionName/versions',
      access: access('PublishVersion'),
      run(input) {
        const { fn } = findFunction(functions, account, readName(input.params.functionName!).name)
        const { Description } = bodyOf(input)
        // Lambda makes no version of what has not changed since the last one: it answers with that.
        const latest = fn.versions.get('$LATEST')!.configuration.code
        const isUnchanged = fn.versions.get(String(fn.lastVersion))?.configuration.code === latest
        const number = isUnchanged
          ? String(fn.lastVersion)
          : publish(fn, Description === undefined ? undefined : String(Description))
        return describeVersion(fn.versions.get(number)!, number)
      },
    },
    {
      name: 'UpdateAlias',
      route: 'PUT /2015-03-31/functions/:functionName/aliases/:alias',
      access: access('UpdateAlias'),
      run(input) {
        const { fn } = findFunction(functions, account, readName(input.params.functionName!).name)
        const alias = String(input.params.alias)
        const { FunctionVersion, RoutingConfig } = bodyOf(input)
        if (RoutingConfig !== undefined && RoutingConfig !== null)
          throw notHere('RoutingConfig: an alias of two versions is not supported here')
        const at = fn.aliases.get(alias)
        const arn = qualifiedArn(fn.arn, alias)
        if (at === undefined) throw missing(`Alias not found: ${arn}`)
        const to = FunctionVersion === undefined ? at : String(FunctionVersion)
        if (!fn.versions.has(to)) throw missing(`Function not found: ${qualifiedArn(fn.arn, to)}`)
        fn.aliases.set(alias, to)
        return { AliasArn: arn, Name: alias, FunctionVersion: to, Description: '' }
      },
    },
  ]
}

const missing = (message: string) => new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' })

const notHere = (why: string) =>
  lacking(new AwsError('InvalidParameterValueException', why, 400, { Type: 'User' }))
