import { type Account, defaultAccount } from './account.ts'
import { startAcm } from './acm/acm.ts'
import { domainNameOf, type Quotas } from './apigateway/core.ts'
import { startGateway } from './apigateway/gateway.ts'
import type { ServedStage } from './apigateway/served.ts'
import { whenAtRest, whenIdle } from './at-rest.ts'
import { type Clock, movableClock } from './clock.ts'
import { besideTypes } from './cloudformation/beside.ts'
import {
  type AssemblyChoice,
  type AssemblyDeployed,
  deployAssembly,
} from './cloudformation/deploy-assembly.ts'
import { objectShelf } from './cloudformation/objects.ts'
import type { ResourceType } from './cloudformation/resource.ts'
import { cloudFormationService } from './cloudformation/service.ts'
import { type Stacks, startStacks } from './cloudformation/stacks.ts'
import { startCloudWatch } from './cloudwatch/cloudwatch.ts'
import { startCognito } from './cognito/cognito.ts'
import { makeCertificate } from './door/certificate.ts'
import { buildDoor } from './door/door.ts'
import { listen } from './door/listen.ts'
import { type Hosts, openLocalPorts } from './door/local-ports.ts'
import { reception } from './door/reception.ts'
import { shadowedApis } from './door/shadowed-apis.ts'
import { startDynamoDb } from './dynamodb/dynamodb.ts'
import { startEc2 } from './ec2/ec2.ts'
import { startEcr } from './ecr/ecr.ts'
import { startElastiCache } from './elasticache/elasticache.ts'
import { startEventBridge } from './eventbridge/eventbridge.ts'
import { type Events, eventStream } from './events.ts'
import type { Guardian } from './guardian.ts'
import { iamResources } from './iam/resources.ts'
import { startIam } from './iam/roles.ts'
import { iamService } from './iam/service.ts'
import type { Data } from './kept.ts'
import { lackLog } from './lack.ts'
import { startLambda } from './lambda/lambda.ts'
import { startLogs } from './logs/logs.ts'
import { deliverOnBehalf } from './on-behalf.ts'
import { route53Resources } from './route53/records.ts'
import { startS3 } from './s3/s3.ts'
import type { Service, WireRequest } from './service.ts'
import { verify } from './signature/verify.ts'
import { startSns } from './sns/sns.ts'
import { type Spread, spreading } from './spread.ts'
import { startSqs } from './sqs/sqs.ts'
import { startSsm } from './ssm/ssm.ts'
import { startSts } from './sts/sessions.ts'
import type { Credentials } from './sts/sts.ts'
import { takeOnFor } from './sts/take-on.ts'
import { countWork } from './work.ts'

/** An AWS account in a process. */
export interface Cloud {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly stacks: Stacks
  /** Everything that a template may ask for. */
  readonly types: readonly ResourceType[]
  /** Everything that the door lets in to. */
  readonly services: readonly Service[]
  /**
   * Where AWS clients find it: `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. TLS is spoken there too. By name, `localhost`, SDKs would look
   * for a bucket at `bucket.localhost`, which not every system knows.
   */
  readonly endpoint: string
  /** The learner's own keys. */
  readonly credentials: Credentials
  /**
   * A text with every address of an API, a custom domain or a queue here replaced by its local one: `wss://{api}.execute-api.…/live` →
   * `ws://localhost:PORT/live`.
   */
  toLocal(text: string): string
  /** The local address of every stage of every WebSocket API, then of every API mapping of a custom domain: `ws://localhost:PORT/live`. */
  sockets(): readonly string[]
  /** What each stage of each WebSocket API serves: its routes as they were deployed. */
  served(): readonly ServedStage[]
  /** What was asked of it since then that AWS may have and this cloud has not, a line each. In milliseconds since the epoch, by real time. */
  lackedSince(time: number): readonly string[]
  /** Deploys the stacks of a CDK cloud assembly. */
  deploy(directory: string, choice?: AssemblyChoice): Promise<AssemblyDeployed>
  /** Resolves when nothing is under way: no connection that is closing, no call, no function at work. What falls due later may come. */
  settled(): Promise<void>
  /**
   * Resolves when nothing is under way any more, and nothing falls due within `ms` by the clock: so nothing will happen for that
   * long unless somebody from outside does something. Answers with how many clients are connected. Rejects when `signal` aborts.
   */
  atRest(ms: number, signal: AbortSignal): Promise<number>
  /** Spreads the events of each function over different instances, until that is ended. Throws when it is on already. */
  spread(): Spread
  /** Its data, to be kept and put back: rows, users, objects, parameters. Ask and load when it is at rest. */
  readonly data: Data
  /** Forgets what is under way: messages in queues, and what functions have in their memory. Ask when it is at rest. */
  freshen(): void
  /** Closes every port, ends every child process, removes every folder. */
  stop(): Promise<void>
}

/** How a cloud may differ from the ordinary. */
export interface CloudOptions {
  /** Answers for the cloud's child processes and folders. */
  readonly guardian: Guardian
  readonly account?: Account
  readonly clock?: Clock
  /** The local port of the first API that is deployed; a free one is taken otherwise. */
  readonly apiPort?: number
  /** The account's quotas; AWS's defaults unless given. `{}` is none. */
  readonly quotas?: Quotas
  /** Milliseconds of real time until IAM has heard of other policies, of roles, users or functions: 0, unless given. */
  readonly iamLag?: number
  /** The folder of the package `aws-sdk`: AWS's runtimes up to nodejs16.x have it, and functions of these find it where it is given. */
  readonly oldSdk?: string | undefined
  /** Ids that user pools and app clients of stacks are to have again, by `Stack/LogicalId`. */
  readonly knownIds?: ReadonlyMap<string, string>
  /** Told of errors that are our own fault. */
  readonly onFault?: (error: unknown) => void
}

/** How long CreateTable takes, in milliseconds of real time. On AWS it is seconds. */
const CREATION = 250

/** A new account's: connections a second, and requests of all kinds (facts: G1, G8). */
const usualQuotas: Quotas = { newConnectionsPerSecond: 500, requests: { rate: 10_000, burst: 5_000 } }

/**
 * Starts a cloud: every room, joined in the order in which they need each other.
 *
 * @throws the system's error (`EADDRINUSE`) when `apiPort` is taken; what was opened until then is closed again.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const {
    guardian,
    account = defaultAccount,
    clock = movableClock(),
    quotas = usualQuotas,
    iamLag = 0,
    onFault = () => {},
  } = options
  const events = eventStream(clock.now)
  const { now } = clock
  const work = countWork()
  const lacks = lackLog()
  const spread = spreading()
  const closers: (() => unknown)[] = [clock.stop]
  const stop = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) await close()
  }

  try {
    const iam = startIam({ account, events, now, lag: iamLag })
    // Signatures and sessions follow real time, as do the clients that make and hold them.
    const sts = startSts({ account, iam, now: Date.now })
    const logs = startLogs({ account, clock, events })
    const dynamodb = startDynamoDb({ account, clock, events, work, creationMs: CREATION })
    closers.push(dynamodb.stop)
    const onBehalf = deliverOnBehalf({
      account,
      authorize: iam.authorize,
      queues: () => sqs.queues,
      lambda: () => lambda,
      sns: () => sns,
    })
    const eventBridge = startEventBridge({
      account,
      clock,
      events,
      onBehalf: () => onBehalf,
      roles: {
        assumeRole: takeOnFor('events.amazonaws.com', iam, sts),
        authorize: iam.authorize,
      },
    })
    closers.push(eventBridge.stop)
    const s3 = startS3({
      account,
      clock,
      guardian,
      authorize: iam.authorize,
      onBehalf: () => onBehalf,
      tellEventBridge: event => eventBridge.tell({ source: 'aws.s3', ...event }),
    })
    closers.push(s3.stop)
    const ssm = startSsm({ account, clock })
    const ecr = startEcr({ account, clock })
    const shelf = objectShelf()
    // What was put into a bucket; an assembly's own assets lie before it.
    shelf.add(s3.objects)
    const acm = startAcm(account)
    const certificate = await makeCertificate(account)
    const cloudWatch = startCloudWatch({
      account,
      clock,
      events,
      sample: at => sqs.measure(at),
      publishFor: (...asked) => sns.publishFor(...asked),
    })
    const { meter } = cloudWatch
    const sqs = startSqs({ account, clock, events, meter })
    closers.push(sqs.stop)
    const ec2 = startEc2(account)
    const elastiCache = startElastiCache({
      account,
      clock,
      guardian,
      network: ec2.network,
      certificateFor: certificate.issue,
    })
    closers.push(elastiCache.stop)
    const lambda = await startLambda({
      account,
      clock,
      events,
      iam,
      iamLag,
      sts,
      logs,
      guardian,
      objects: shelf,
      oldSdk: options.oldSdk,
      door: () => ({ port: opened.port, authority: certificate.cert, shadowPort: shadow.port }),
      networks: ec2,
      work,
      spread,
      queues: () => sqs.queues,
      streams: () => dynamodb.streams,
      callAs: (...asked) => work.add(door.callAs(...asked)),
    })
    closers.push(lambda.stop)
    const sns = startSns({
      account,
      clock,
      events,
      queues: sqs.queues,
      queueEvent: lambda.queueEvent,
      authorize: iam.authorize,
      work,
      onFault,
    })
    closers.push(sns.stop)
    const cognito = startCognito({
      account,
      clock,
      logs,
      invoke: call => work.add(lambda.invoke(call)),
      knownIds: options.knownIds,
    })
    const gateway = startGateway({
      account,
      clock,
      events,
      quotas,
      work,
      attend: spread.attend,
      leaves: spread.leaves,
      invoke: call => work.add(lambda.invoke(call)),
      queueEvent: lambda.queueEvent,
      callAs: (...asked) => door.callAs(...asked),
      decide: iam.authorize,
      logs,
      meter,
      assumeRole: takeOnFor('apigateway.amazonaws.com', iam, sts),
      identify: wire => verify(wire, sts.find, Date.now, 'rest-json', account.region, clock.now).principal,
      certificateNames: acm.certificateNames,
      onDomains(domainNames) {
        certificate.alsoFor(domainNames)
        lambda.alsoBehindTheDoor(domainNames)
      },
    })

    const services = [
      iamService(iam, sts.accessKeys),
      sts.service,
      logs.service,
      dynamodb.service,
      dynamodb.streamService,
      lambda.service,
      gateway.service,
      gateway.controlPlane,
      ...sqs.services,
      ...cloudWatch.services,
      sns.service,
      cognito.service,
      s3.service,
      ssm.service,
      ecr.service,
      eventBridge.service,
    ]
    const door = buildDoor({
      account,
      services,
      findKey: sts.find,
      now: clock.now,
      authorize: iam.authorize,
      beforeCall: spread.beforeCall,
      serviceAt: host =>
        gateway.serves(host)
          ? gateway.service.signingName
          : s3.serves(host)
            ? s3.service.signingName
            : undefined,
      withoutSignature: wire =>
        gateway.serves(wire.host) && isForSockets(wire)
          ? gateway.plain(wire)
          : (sns.withoutSignature(wire) ?? cognito.withoutSignature(wire) ?? s3.withoutSignature(wire)),
      events,
      causeOf: lambda.causeOf,
      onFault,
      onLack: lacks.note,
    })
    const receive = reception(door, gateway.upgrade, work)
    const opened = await listen(receive(), 0, certificate)
    closers.push(opened.close)
    const shadow = await listen(shadowedApis, 0, certificate)
    closers.push(shadow.close)
    // SDKs go where a queue's URL says, whatever AWS_ENDPOINT_URL says.
    const queueHost = `sqs.${account.region}.${account.urlSuffix}`
    const ports = await openLocalPorts(receive, options.apiPort, new Map([[queueHost, opened.port]]))
    closers.push(ports.close, gateway.stop)

    const hosts = new Map<string, Hosts>([
      ['AWS::ApiGatewayV2::Api', { of: apiId => domainNameOf(apiId, account), first: true }],
      ['AWS::ApiGatewayV2::DomainName', { of: domainName => domainName }],
    ])
    const types = [
      ...besideTypes(account),
      iamResources(iam),
      logs.resources,
      dynamodb.resources,
      ec2.resources,
      elastiCache.resources,
      lambda.resources,
      acm.resources,
      route53Resources,
      gateway.resources,
      sqs.resources,
      cloudWatch.resources,
      sns.resources,
      cognito.resources,
      s3.resources,
      ssm.resources,
      ecr.resources,
      eventBridge.resources,
    ]
      .flat()
      .map(type => {
        const host = hosts.get(type.type)
        return host ? ports.around(type, host) : type
      })
    const stacks = startStacks({
      account,
      clock,
      events,
      types,
      shelf,
      ssm: ssm.lookup,
      dynamic: ssm.dynamic,
    })
    services.push(
      cloudFormationService({
        account,
        clock,
        stacks,
        objects: shelf,
        authorize: iam.authorize,
        assumeRole: takeOnFor('cloudformation.amazonaws.com', iam, sts),
      }),
    )

    return {
      account,
      clock,
      events,
      stacks,
      types: stacks.types,
      services,
      endpoint: `http://127.0.0.1:${opened.port}`,
      credentials: sts.learner,
      toLocal: ports.toLocal,
      lackedSince: lacks.since,
      sockets: () => gateway.addresses().map(ports.toLocal),
      served: gateway.served,
      deploy: (directory, choice) => deployAssembly(directory, { account, stacks }, choice),
      settled: () => whenIdle(work),
      atRest: (ms, signal) => whenAtRest(work, clock, ms, signal).then(gateway.clients),
      spread: spread.begin,
      data: {
        save: async () => ({
          tables: await dynamodb.kept.save(),
          pools: await cognito.kept.save(),
          buckets: await s3.kept.save(),
          parameters: await ssm.kept.save(),
        }),
        async load(kept) {
          await dynamodb.kept.load(kept.tables)
          await cognito.kept.load(kept.pools)
          await s3.kept.load(kept.buckets)
          await ssm.kept.load(kept.parameters)
        },
        addUser: cognito.addUser,
        putParameter: parameter =>
          ssm.put(parameter, `arn:${account.partition}:iam::${account.accountId}:root`),
      },
      freshen() {
        sqs.empty()
        lambda.dismissIdle()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A plain request to the address at which an API takes WebSockets, and not to its @connections. */
const isForSockets = ({ method, target }: WireRequest): boolean =>
  method === 'GET' && !/\/(@|%40)connections\//i.test(target)
