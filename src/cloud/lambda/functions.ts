import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Lag } from '../iam/lag.ts'
import type { PolicyDocument, Statement } from '../iam/policy.ts'
import type { InvokeConfig } from './asynchronous/invoke-config.ts'
import type { Configuration } from './configuration.ts'
import type { Pool } from './pool.ts'

/** A function with all its versions. */
export interface LambdaFunction {
  readonly name: string
  readonly arn: string
  /** By number; `$LATEST` is always there. */
  readonly versions: Map<string, Version>
  /** Alias → version. */
  readonly aliases: Map<string, string>
  /** Resource policies: qualifier (empty: the function itself) → statement id → statement. */
  readonly statements: Map<string, Map<string, Statement>>
  /** The same as far as IAM has heard of it, by qualifier. */
  readonly heard: Lag<PolicyDocument>
  /** How it is run asynchronously: version or alias (`$LATEST`: the function itself) → configuration. */
  readonly invokeConfigs: Map<string, InvokeConfig>
  /** Invocations at a time, if limited; 0 stops the function. */
  reserved: number | undefined
  /** Invocations under way. */
  busy: number
  lastVersion: number
  tags: Readonly<Record<string, string>>
}

/** A version as it is, and its instances. */
export interface Version {
  readonly configuration: Configuration
  readonly pool: Pool
}

/** What a name, ARN or partial ARN, with or without a version or alias, stands for. */
export interface Named {
  readonly fn: LambdaFunction
  readonly version: Version
  /** As it was asked for: with the version or alias, if one was. */
  readonly arn: string
  readonly policy: PolicyDocument
}

/** A name taken apart. */
export interface Reference {
  readonly name: string
  readonly qualifier: string | undefined
}

/** Finds a function. Throws ResourceNotFoundException (404). */
export function findFunction(
  functions: ReadonlyMap<string, LambdaFunction>,
  account: Account,
  given: string,
  asked?: string,
): Named {
  const { name, qualifier = asked } = readName(given)
  const fn = functions.get(name)
  const number = (qualifier && fn?.aliases.get(qualifier)) ?? qualifier ?? '$LATEST'
  const version = fn?.versions.get(number)
  const arn = qualifiedArn(functionArn(account, name), qualifier)
  if (!fn || !version) throw notFound(`Function not found: ${arn}`)
  return { fn, version, arn, policy: heardPolicy(fn, qualifier) }
}

/** Takes `name`, `name:alias`, `123456789012:function:name` or an ARN apart. Throws ResourceNotFoundException for anything else. */
export function readName(given: string): Reference {
  const [, name, qualifier] =
    /^(?:arn:[\w-]+:lambda:[\w-]+:\d{12}:function:|\d{12}:function:)?([\w-]{1,64})(?::(\$LATEST|[\w-]+))?$/.exec(
      given,
    ) ?? []
  if (name === undefined) throw notFound(`Function not found: ${given}`)
  return { name, qualifier }
}

/** The policy that says who may invoke the function, or this version or alias of it. */
export function policyOf(fn: LambdaFunction, qualifier: string | undefined): PolicyDocument {
  const statements = fn.statements.get(qualifier ?? '')
  return { Version: '2012-10-17', Id: 'default', Statement: statements ? [...statements.values()] : [] }
}

/** That policy as IAM reads it. */
export const heardPolicy = (fn: LambdaFunction, qualifier = ''): PolicyDocument =>
  fn.heard.seen(qualifier) ?? { Version: '2012-10-17', Statement: [] }

export const functionArn = ({ partition, region, accountId }: Account, name: string) =>
  `arn:${partition}:lambda:${region}:${accountId}:function:${name}`

export const qualifiedArn = (arn: string, qualifier: string | undefined) =>
  qualifier === undefined || qualifier === '' ? arn : `${arn}:${qualifier}`

export const notFound = (message: string) =>
  new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' })

export const invalidValue = (message: string) =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' })

/** The configuration of what was invoked: of that version or alias, `$LATEST` for a plain name. */
export const invokeConfigOf = (fn: LambdaFunction, qualifier: string | undefined): InvokeConfig =>
  fn.invokeConfigs.get(qualifier ?? '$LATEST') ?? {}
