import { join } from 'node:path'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Objects } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { lagBy } from '../iam/lag.ts'
import type { Decision, PolicyDocument } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import { lacking } from '../lack.ts'
import type { Access } from '../service.ts'
import type { Destinations } from './asynchronous/destinations.ts'
import { layCode } from './code.ts'
import type { Configuration } from './configuration.ts'
import { type FunctionKeeper, type FunctionSettings, unservedForDeadLetters } from './function-resource.ts'
import { functionArn, invalidValue, type LambdaFunction } from './functions.ts'
import type { Pool } from './pool.ts'

/** Makes, changes and deletes functions in `functions`. Their code is laid out in `folder`. */
export function keepFunctions({
  functions,
  account,
  clock,
  folder,
  objects,
  oldSdk,
  layers,
  startPool,
  role,
  decide,
  destinations,
  iamLag,
  checkPlacement,
}: {
  readonly functions: Map<string, LambdaFunction>
  readonly account: Account
  readonly clock: Clock
  readonly folder: string
  readonly objects: Objects
  readonly oldSdk?: string | undefined
  /** A layer version's ARN → the folder of its content. */
  readonly layers: ReadonlyMap<string, string>
  readonly startPool: (configuration: Configuration) => Pool
  /** Throws `AwsError` when there is none. */
  readonly role: (arn: string) => { readonly trust: PolicyDocument }
  readonly decide: (principal: Principal, access: Access) => Decision
  readonly destinations: Destinations
  /** Milliseconds after which IAM hears who may invoke a function. */
  readonly iamLag: number
  readonly checkPlacement: (settings: FunctionSettings) => Configuration['vpc']
}): FunctionKeeper {
  let laid = 0

  const kept = new Map<string, FunctionSettings>()

  return { create, update, delete: remove, settingsOf }

  function settingsOf(name: string): FunctionSettings {
    const settings = kept.get(name)
    if (!settings) throw invalidValue(`Function not found: ${name}`)
    return settings
  }

  function create(settings: FunctionSettings): string {
    const name = settings.functionName
    if (functions.has(name)) {
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, {
        Type: 'User',
      })
    }
    const configuration = configure(settings)
    functions.set(name, {
      name,
      arn: configuration.functionArn,
      versions: new Map([['$LATEST', { configuration, pool: startPool(configuration) }]]),
      aliases: new Map(),
      statements: new Map(),
      heard: lagBy(iamLag),
      invokeConfigs: new Map(),
      reserved: settings.reserved,
      busy: 0,
      lastVersion: 0,
      tags: settings.tags,
    })
    kept.set(name, settings)
    return configuration.functionArn
  }

  function update(settings: FunctionSettings): string {
    const fn = functions.get(settings.functionName)
    const latest = fn?.versions.get('$LATEST')
    if (!fn || !latest) throw invalidValue(`Function not found: ${settings.functionName}`)
    const configuration = configure(settings)
    fn.versions.set('$LATEST', { configuration, pool: startPool(configuration) })
    fn.reserved = settings.reserved
    fn.tags = settings.tags
    kept.set(fn.name, settings)
    // Who is at work goes on to the end; whoever comes from now on meets the new one.
    latest.pool.retire()
    return fn.arn
  }

  function remove(name: string) {
    for (const { pool } of functions.get(name)?.versions.values() ?? []) pool.retire()
    functions.delete(name)
    kept.delete(name)
  }

  function configure(settings: FunctionSettings): Configuration {
    checkRole(settings.roleArn)
    checkReserved(settings)
    checkDeadLetters(settings)
    const vpc = checkPlacement(settings)
    const contents = settings.layers.map(arn => {
      const content = layers.get(arn)
      if (content === undefined) throw invalidValue(`Layer version ${arn} does not exist.`)
      return content
    })
    const root = join(folder, `code-${laid++}`)
    return {
      functionName: settings.functionName,
      functionArn: functionArn(account, settings.functionName),
      version: '$LATEST',
      runtime: settings.runtime,
      handler: settings.handler,
      roleArn: settings.roleArn,
      timeout: settings.timeout,
      memorySize: settings.memorySize,
      environment: settings.environment,
      logGroup: settings.logGroup,
      code: layCode(root, settings.code, contents, settings.runtime, objects, oldSdk),
      description: settings.description,
      layers: settings.layers,
      deadLetterArn: settings.deadLetterArn,
      vpc,
      modified: clock.now(),
    }
  }

  function checkRole(roleArn: string) {
    const refusal = invalidValue('The role defined for the function cannot be assumed by Lambda.')
    const trust = trustOf(roleArn)?.trust
    if (!trust) throw refusal
    const lambda: Principal = { kind: 'service', service: 'lambda.amazonaws.com' }
    const access = { action: 'sts:AssumeRole', resource: roleArn, resourcePolicy: trust }
    if (!decide(lambda, access).allowed) throw refusal
  }

  function trustOf(roleArn: string) {
    try {
      return role(roleArn)
    } catch (error) {
      // A role that is not there cannot be assumed: AWS says no more than that.
      if (!(error instanceof AwsError)) throw error
      return undefined
    }
  }

  /** Lambda keeps a hundred of the account's thousand for functions without a reservation. */
  function checkReserved({ functionName, reserved }: FunctionSettings) {
    let sum = reserved ?? 0
    for (const fn of functions.values()) if (fn.name !== functionName) sum += fn.reserved ?? 0
    if (sum > 900) {
      throw invalidValue(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      )
    }
  }

  function checkDeadLetters({ deadLetterArn, roleArn, functionName }: FunctionSettings) {
    if (deadLetterArn === undefined) return
    const unserved = unservedForDeadLetters(deadLetterArn) ?? destinations.unserved(deadLetterArn)
    if (unserved !== undefined) throw lacking(invalidValue(`DeadLetterConfig: ${unserved}`))
    const missing = destinations.missing(deadLetterArn, { roleArn, functionName })
    if (!missing && destinations.exists(deadLetterArn)) return
    const call = deadLetterArn.split(':')[2] === 'sns' ? 'Publish on SNS' : 'SendMessage on SQS'
    throw invalidValue(`The provided execution role does not have permissions to call ${call}`)
  }
}
