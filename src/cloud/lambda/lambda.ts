import { join } from 'node:path'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Objects, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import type { Guardian } from '../guardian.ts'
import type { Decision, PolicyDocument } from '../iam/policy.ts'
import type { Principal, RoleSession } from '../iam/principal.ts'
import type { Access, Service } from '../service.ts'
import { layCode, layLayer } from './code.ts'
import type { Configuration } from './configuration.ts'
import { type Credentials, environmentOf, logStreamName } from './environment.ts'
import { type Staffed, startFleet } from './fleet.ts'
import { type FunctionSettings, functionResource } from './function-resource.ts'
import { functionArn, invalidValue, type LambdaFunction } from './functions.ts'
import { startInstance } from './instance.ts'
import type { InvokeFunction } from './invoke.ts'
import { startInvoker } from './invoker.ts'
import { type LogStore, openJournal } from './journal.ts'
import { permissionResource } from './permission-resource.ts'
import { layRuntime } from './runtime-files.ts'
import { lambdaService } from './service.ts'
import { versionResources } from './version-resources.ts'

/** Lambda. */
export interface Lambda {
  readonly invoke: InvokeFunction
  readonly resources: readonly ResourceType[]
  readonly service: Service
  /** Ends every instance and removes every file. */
  stop(): Promise<void>
}

/** What Lambda needs of the rest of the cloud. */
export interface LambdaNeeds {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly guardian: Guardian
  readonly logs: LogStore
  readonly objects: Objects
  readonly iam: {
    decide(principal: Principal, access: Access): Decision
    authorize(principal: Principal, access: Access): Decision
    /** Throws when there is none. */
    role(arn: string): { readonly trust: PolicyDocument }
  }
  readonly sts: {
    issue(
      roleArn: string,
      sessionName: string,
    ): Credentials & { readonly expiration: Date; readonly principal: RoleSession }
  }
  /** Asked when an instance starts: the door need not be open before. */
  readonly door: () => { readonly port: number /** PEM. */; readonly authority: string }
  /** Milliseconds; AWS's ten seconds unless given. */
  readonly initTimeout?: number
}

/** Lambda calls a new instance's runtime by an ARN; this one names no real runtime. */
const RUNTIME_VERSION = (runtime: string, { partition, region }: Account) =>
  `INIT_START Runtime Version: ${runtime.replace(/^nodejs(\d+)\.x$/, 'nodejs:$1')}.local\tRuntime Version ARN: arn:${partition}:lambda:${region}::runtime:${'0'.repeat(64)}\n`

/** New sessions are begun this long before the old ones end, in milliseconds. */
const MARGIN = 15 * 60 * 1000

/** Starts Lambda without a function. */
export async function startLambda(needs: LambdaNeeds): Promise<Lambda> {
  const { account, clock, events, guardian, logs, objects, iam, sts, door } = needs
  const folder = guardian.temporaryFolder('wslab-lambda-')
  const runtime = await layRuntime(join(folder, 'runtime'))
  const functions = new Map<string, LambdaFunction>()
  const layers = new Map<string, string>()
  let laid = 0

  const fleet = startFleet(staff, clock.now, clock.after)
  const invoker = startInvoker({
    functions,
    account,
    clock,
    events,
    authorize: iam.authorize,
    runtimeFolder: runtime.folder,
  })

  return {
    invoke: invoker.invoke,
    resources: [
      functionResource({ create, update, delete: remove }),
      permissionResource(functions, account),
      ...versionResources({
        functions,
        account,
        startPool: fleet.pool,
        layers,
        layLayer(source) {
          const content = join(folder, `layer-${laid++}`)
          layLayer(content, source, objects)
          return content
        },
      }),
    ],
    service: lambdaService(functions, account, invoker),
    async stop() {
      await fleet.stop()
      guardian.removeFolder(folder)
    },
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
      versions: new Map([['$LATEST', { configuration, pool: fleet.pool(configuration) }]]),
      aliases: new Map(),
      statements: new Map(),
      reserved: settings.reserved,
      busy: 0,
      lastVersion: 0,
      tags: settings.tags,
    })
    return configuration.functionArn
  }

  function update(settings: FunctionSettings): string {
    const fn = functions.get(settings.functionName)
    const latest = fn?.versions.get('$LATEST')
    if (!fn || !latest) throw invalidValue(`Function not found: ${settings.functionName}`)
    const configuration = configure(settings)
    fn.versions.set('$LATEST', { configuration, pool: fleet.pool(configuration) })
    fn.reserved = settings.reserved
    fn.tags = settings.tags
    // Who is at work goes on to the end; whoever comes from now on meets the new one.
    latest.pool.retire()
    return fn.arn
  }

  function remove(name: string) {
    for (const { pool } of functions.get(name)?.versions.values() ?? []) pool.retire()
    functions.delete(name)
  }

  function configure(settings: FunctionSettings): Configuration {
    checkRole(settings.roleArn)
    checkReserved(settings)
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
      code: layCode(root, settings.code, contents, settings.runtime, objects),
      description: settings.description,
      layers: settings.layers,
      modified: clock.now(),
    }
  }

  function checkRole(roleArn: string) {
    const refusal = invalidValue('The role defined for the function cannot be assumed by Lambda.')
    const role = trustOf(roleArn)
    if (!role) throw refusal
    const lambda: Principal = { kind: 'service', service: 'lambda.amazonaws.com' }
    const access = { action: 'sts:AssumeRole', resource: roleArn, resourcePolicy: role.trust }
    if (!iam.decide(lambda, access).allowed) throw refusal
  }

  function trustOf(roleArn: string) {
    try {
      return iam.role(roleArn)
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

  function staff(configuration: Configuration): Staffed {
    const role = trustOf(configuration.roleArn)
    if (!role) {
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
      )
    }
    runtime.pointTo(door())
    const session = sts.issue(configuration.roleArn, configuration.functionName)
    const logStream = logStreamName(configuration.version, clock.now())
    const journal = openJournal(configuration, {
      stream: logStream,
      principal: session.principal,
      runtimeFolder: runtime.folder,
      account,
      logs,
      decide: iam.decide,
    })
    const environment = environmentOf(configuration, {
      account,
      credentials: session,
      logStream,
      runtimeFolder: runtime.folder,
    })
    journal.open()
    journal.line(RUNTIME_VERSION(configuration.runtime, account))
    const instance = startInstance(configuration, environment, {
      files: runtime,
      guardian,
      onLine: journal.line,
      now: clock.now,
      initTimeout: needs.initTimeout,
    })
    return { instance, journal, expires: session.expiration.getTime() - MARGIN }
  }
}
