import { join } from 'node:path'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Objects, ResourceType } from '../cloudformation/resource.ts'
import type { Streams } from '../dynamodb/streams/streams.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import type { Guardian } from '../guardian.ts'
import type { Decision, PolicyDocument } from '../iam/policy.ts'
import type { Principal, RoleSession } from '../iam/principal.ts'
import type { Access, CallAs, Service } from '../service.ts'
import { type Spreading, spreading } from '../spread.ts'
import type { Queues } from '../sqs/queues.ts'
import { countWork, type Work } from '../work.ts'
import { concluder } from './asynchronous/conclude.ts'
import { openDestinations } from './asynchronous/destinations.ts'
import { invokeConfigResource } from './asynchronous/invoke-config-resource.ts'
import type { Staffed } from './capacity.ts'
import { changeOperations } from './change-operations.ts'
import { layLayer } from './code.ts'
import type { Configuration } from './configuration.ts'
import { type Credentials, environmentOf, logStreamName } from './environment.ts'
import { mappingResource } from './event-sources/mapping-resource.ts'
import { startMappings } from './event-sources/mappings.ts'
import { mappingOperations } from './event-sources/operations.ts'
import { openSources } from './event-sources/source.ts'
import { openStreamSources } from './event-sources/streams/source.ts'
import { actAs, type ExecutionRole } from './execution-role.ts'
import { startFleet } from './fleet.ts'
import { keepFunctions } from './function-keeper.ts'
import { functionResource } from './function-resource.ts'
import type { LambdaFunction } from './functions.ts'
import { startInstance } from './instance.ts'
import type { InvokeFunction, QueueEvent } from './invoke.ts'
import { type Invoker, startInvoker } from './invoker.ts'
import { type LogStore, openJournal } from './journal.ts'
import { permissionResource } from './permission-resource.ts'
import { type Networks, placements } from './placements.ts'
import { type Door, layRuntime } from './runtime-files.ts'
import { lambdaService } from './service.ts'
import { publisher, versionResources } from './version-resources.ts'

/** Lambda. */
export interface Lambda {
  readonly invoke: InvokeFunction
  readonly queueEvent: QueueEvent
  /** Asks IAM whether an event would be queued. Throws as `queueEvent` does. */
  readonly mayInvoke: Invoker['mayInvoke']
  readonly resources: readonly ResourceType[]
  readonly service: Service
  /** The event with which the invocation began to which a call's trace header belongs, if it is known. */
  causeOf(traceHeader: string): number | undefined
  /** Says which hosts besides AWS's functions are to find at the door, from now on: custom domains. */
  alsoBehindTheDoor(hosts: readonly string[]): void
  /** Resolves when no function is at work on a queued event or a batch of messages. What waits to be tried again does not count. */
  settled(): Promise<void>
  /** Ends every instance that is idle: the next events find new ones, with an empty memory. */
  dismissIdle(): void
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
  /** The folder of the package `aws-sdk`, for functions of runtimes that have it. */
  readonly oldSdk?: string | undefined
  readonly iam: {
    decide(principal: Principal, access: Access): Decision
    authorize(principal: Principal, access: Access): Decision
    /** Throws when there is none. */
    role(arn: string): ExecutionRole & { readonly trust: PolicyDocument }
  }
  readonly sts: {
    issue(
      roleArn: string,
      sessionName: string,
    ): Credentials & { readonly expiration: Date; readonly principal: RoleSession }
  }
  /** Asked when an instance starts: the door need not be open before. */
  readonly door: () => Door
  /** Asked at every use: SQS may be started afterwards. Without it there are no queues. */
  readonly queues?: () => Queues
  /** The streams of tables. Without it there are none. */
  readonly streams?: () => Streams
  /** The account's networks. Without it no function is put into one. */
  readonly networks?: Networks
  /** How SNS is reached, for records of invocations; without it no topic can have them. */
  readonly callAs?: CallAs
  /** Milliseconds after which IAM hears who may invoke a function; 0 unless given. */
  readonly iamLag?: number
  /** Counts what Lambda is about, what an instance does of its own accord included. */
  readonly work?: Work
  /** Without it events are never spread. */
  readonly spread?: Spreading
  /** Milliseconds; AWS's ten seconds unless given. */
  readonly initTimeout?: number
}

/** Lambda calls a new instance's runtime by an ARN; this one names no real runtime. */
const RUNTIME_VERSION = (runtime: string, { partition, region }: Account) =>
  `INIT_START Runtime Version: ${runtime.replace(/^nodejs(\d+)\.x$/, 'nodejs:$1').replace(/^python/, 'python:')}.local\tRuntime Version ARN: arn:${partition}:lambda:${region}::runtime:${'0'.repeat(64)}\n`

const noStreams = (): Streams => ({ find: () => undefined, all: () => [] })

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

  const whole = needs.work ?? countWork()
  const fleet = startFleet({
    staff,
    now: clock.now,
    after: clock.after,
    spread: needs.spread ?? spreading(),
    work: whole,
  })
  const work = countWork(whole)
  const placed = placements(needs.networks, runtime)
  const byRole = {
    queues: needs.queues ?? (() => ({ find: () => undefined })),
    actAs: actAs(account, iam.role),
    decide: iam.decide,
    authorize: iam.authorize,
  }
  const sources = openSources(byRole)
  const streams = openStreamSources({ ...byRole, streams: needs.streams ?? noStreams })
  const destinations = openDestinations({
    ...byRole,
    account,
    functions,
    callAs: needs.callAs,
    queueEvent: event => invoker.queueEvent(event),
  })
  const invoker = startInvoker({
    functions,
    account,
    clock,
    events,
    authorize: iam.authorize,
    runtimeFolder: runtime.folder,
    work,
    conclude: concluder(destinations, clock.now),
  })
  const mappings = startMappings({
    account,
    clock,
    events,
    functions,
    sources,
    streams,
    destinations,
    run: invoker.run,
    work,
  })

  const keeper = keepFunctions({
    ...byRole,
    functions,
    account,
    clock,
    folder,
    objects,
    oldSdk: needs.oldSdk,
    layers,
    destinations,
    startPool: fleet.pool,
    role: iam.role,
    iamLag: needs.iamLag ?? 0,
    checkPlacement: placed.checker(byRole),
  })
  const publish = publisher(fleet.pool)

  return {
    invoke: invoker.invoke,
    queueEvent: invoker.queueEvent,
    mayInvoke: invoker.mayInvoke,
    resources: [
      functionResource(keeper, account),
      permissionResource(functions, account),
      invokeConfigResource(functions, account, destinations),
      mappingResource(mappings),
      ...versionResources({
        functions,
        account,
        publish,
        layers,
        layLayer(source) {
          const content = join(folder, `layer-${laid++}`)
          layLayer(content, source, objects)
          return content
        },
      }),
    ],
    causeOf: invoker.causeOf,
    service: lambdaService(functions, account, invoker, [
      ...mappingOperations(mappings, account),
      ...changeOperations({ functions, account, keeper, publish }),
    ]),
    settled: work.settled,
    alsoBehindTheDoor: runtime.alsoBehindTheDoor,
    dismissIdle: fleet.dismissIdle,
    async stop() {
      mappings.stop()
      await fleet.stop()
      guardian.removeFolder(folder)
    },
  }

  function staff(configuration: Configuration): Staffed {
    if (!byRole.actAs(configuration)) {
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
      )
    }
    runtime.pointTo(door())
    placed.put(configuration)
    const session = sts.issue(configuration.roleArn, configuration.functionName)
    const logStream = logStreamName(configuration.version, clock.now())
    const journal = openJournal(configuration, {
      stream: logStream,
      principal: session.principal,
      runtimeFolder: runtime.folder,
      account,
      logs,
      events,
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
    const { principal } = session
    return { instance, journal, principal, expires: session.expiration.getTime() - MARGIN }
  }
}
