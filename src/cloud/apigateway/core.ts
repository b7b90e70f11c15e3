import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Meter } from '../cloudwatch/metric.ts'
import type { Events } from '../events.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal, RoleSession } from '../iam/principal.ts'
import type { InvokeFunction, QueueEvent } from '../lambda/invoke.ts'
import type { Access, CallAs, WireRequest } from '../service.ts'
import type { Spreading } from '../spread.ts'
import type { Work } from '../work.ts'
import type { Apis } from './api.ts'
import type { Keychain } from './authorization/keychain.ts'
import type { CustomDomains } from './custom-domains.ts'
import type { Ids } from './ids.ts'
import type { Connection } from './sockets/connection.ts'
import type { Throttle } from './throttle.ts'

/** What the gateway needs of the rest of the cloud. */
export interface Surroundings {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly invoke: InvokeFunction
  /** Queues an event for a function: an AWS integration with `X-Amz-Invocation-Type: Event` (facts: C16). */
  readonly queueEvent?: QueueEvent
  /** Calls other services of the cloud with the role of an integration (facts: C17, C18). */
  readonly callAs?: CallAs
  readonly decide: (principal: Principal, access: Access) => Decision
  readonly ids?: Ids
  /** CloudWatch Logs, for both kinds of logs. Without it a stage that asks for one is refused. */
  readonly logs?: Logs
  /**
   * The role by which API Gateway writes logs, as the account's settings have it at the start. Without one, no logs can be switched on
   * until an AWS::ApiGateway::Account sets it, as in a new account on AWS (facts: H12).
   */
  readonly cloudWatchRoleArn?: string
  /** Who signed a request; throws `AwsError` when nobody did or the signature is wrong. Without it routes with AWS_IAM are refused. */
  readonly identify?: (wire: WireRequest) => Principal | Promise<Principal>
  /** The session of a role that API Gateway takes on; throws `AwsError` when it may not. Without it every role lets it. */
  readonly assumeRole?: (roleArn: string, sessionName: string) => RoleSession
  readonly quotas?: Quotas
  /** The names that a certificate of this account is good for; undefined for one that is not here. Without it none is here. */
  readonly certificateNames?: (certificateArn: string) => readonly string[] | undefined
  /** Where requests are counted. */
  readonly meter?: Meter
  /** Runs what a connection has asked for, when it is its turn; at once unless given. */
  readonly attend?: Spreading['attend']
  /** Told of each connection that begins to close. */
  readonly leaves?: Spreading['leaves']
  /** Counts handshakes, messages and goodbyes for as long as the gateway is busy with them. */
  readonly work?: Work
  /** Told of all custom domains whenever there is one more or one less: they are reached by names that somebody has to know. */
  readonly onDomains?: (domainNames: readonly string[]) => void
}

export interface Logs {
  /** Throws `ResourceNotFoundException` when there is no such group. */
  write(logGroup: string, logStream: string, message: string): void
  /** Makes a group, as API Gateway does for its execution logs. */
  createGroup(logGroup: string): unknown
}

/** Quotas of an account that AWS raises on request. None is held unless it is given here. */
export interface Quotas {
  /** AWS's default is 500 (facts: G1). */
  readonly newConnectionsPerSecond?: number
  /** AWS's defaults are 10,000 and 5,000; messages, handshakes and @connections calls count alike (facts: G8). */
  readonly requests?: { readonly rate: number; readonly burst: number }
}

/** The gateway's insides, as its parts see them. */
export interface Core
  extends Omit<Surroundings, 'ids' | 'quotas' | 'cloudWatchRoleArn' | 'work' | 'attend' | 'leaves'> {
  readonly work: Work
  readonly attend: Spreading['attend']
  readonly ids: Ids
  readonly apis: Apis
  readonly domains: CustomDomains
  /** Settings of the account that templates can change. */
  readonly accountSettings: { cloudWatchRoleArn?: string | undefined }
  /** API keys and usage plans, of the whole account. */
  readonly keychain: Keychain
  /** Those that are open, by id: from the 101 on, and no longer once either side has begun to close (facts: A26, A31). */
  readonly connections: ReadonlyMap<string, Connection>
  readonly account: Account
  /** The account's quotas. */
  readonly maySpend: Throttle
  readonly mayConnect: Throttle
  /** Sends a message to an open connection and counts it as activity. Says no when the client's buffer is full. */
  send(connection: Connection, text: string, routeKey?: string): boolean
  /** Closes a connection from our side; its `$disconnect` runs (facts: A30). */
  hangUp(connection: Connection, code: number, reason: string): void
}

/** The host under which AWS would have this API (facts: D13). */
export const domainNameOf = (apiId: string, { region, urlSuffix }: Account) =>
  `${apiId}.execute-api.${region}.${urlSuffix}`

/** The API whose host this is. */
export function apiIdIn(host: string, account: Account): string | undefined {
  const suffix = domainNameOf('', account)
  const apiId = host.endsWith(suffix) ? host.slice(0, -suffix.length) : ''
  return apiId === '' || apiId.includes('.') ? undefined : apiId
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<rest>`. */
export const executeApiArn = ({ partition, region, accountId }: Account, apiId: string, rest: string) =>
  `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${rest}`
