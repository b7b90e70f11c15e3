import type { Account } from './account.ts'
import type { AwsError } from './error.ts'
import type { Decision, PolicyDocument } from './iam/policy.ts'
import type { Principal } from './iam/principal.ts'

/** An HTTP request as it came in. */
export interface WireRequest {
  readonly method: string
  /** Path and query exactly as sent: `/prod/%40connections/a%3D?x=1`. Signatures are made over these bytes. */
  readonly target: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** The AWS host the request was meant for: the Host header or, at an API's own local port, that API's AWS host. */
  readonly host: string
  /** The caller's address. */
  readonly sourceIp: string
}

/** An HTTP answer as it goes out. An operation returns one when its protocol leaves it the choice of status, headers and body. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** Who is calling, and the request behind the parsed input. */
export interface Call {
  readonly principal: Principal
  readonly requestId: string
  readonly account: Account
  readonly wire: WireRequest
}

/**
 * A call that one of the cloud's own services makes of another, as the role it has taken on: not signed, but authorized as any other.
 * `signingName` says which service is meant. Refusals come as answers, in the encoding of that service.
 */
export type CallAs = (principal: Principal, signingName: string, wire: WireRequest) => Promise<WireAnswer>

/** One question for IAM: may the caller do `action` to `resource`? */
export interface Access {
  /** `dynamodb:PutItem`, in the case in which the service writes it in its denials. */
  readonly action: string
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string
  /** Condition keys of this request beyond the global ones, such as `dynamodb:LeadingKeys`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  /** The policy attached to the resource itself, where there is one: a queue's, a topic's, a function's. */
  readonly resourcePolicy?: PolicyDocument
}

/**
 * One operation of an AWS API: how it is asked for, what IAM must say first, and what it does.
 *
 * `access` is not optional: an operation without authorization does not compile. The few that AWS lets anybody
 * call (`sts:GetCallerIdentity`) return an empty list and say so.
 */
export interface Operation<Input = any> {
  /** AWS's name of it: `PutItem`. In the JSON and Query protocols this is how it is asked for. */
  readonly name: string
  /** REST protocols only: `POST /:stage/@connections/:connectionId`, in REST-XML `GET /:bucket/:key?tagging`. The input is then a `RestInput`. */
  readonly route?: `${'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD'} /${string}`
  /**
   * JSON protocols: AWS takes it without a signature, and a signature that is there all the same is not looked at. Who calls proves in the
   * input who they are: with a password, a token.
   */
  readonly unsigned?: true
  access(input: Input, call: Call): readonly Access[]
  /** Returns the output's members, or a `WireAnswer`. Throws `AwsError`. */
  run(input: Input, call: Call): unknown
}

/** What an operation of a REST protocol is given. */
export interface RestInput {
  /** The parts of the path named in `route`, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** An AWS service as the door sees it. One that speaks two protocols is there twice, with the same signing name. */
export interface Service {
  /** The name in SigV4's credential scope: `dynamodb`, `execute-api`, `logs`. */
  readonly signingName: string
  readonly protocol: 'json-1.0' | 'json-1.1' | 'query' | 'rest-json' | 'rest-xml' | 'rpc-v2-cbor'
  /** JSON protocols: what stands before the dot in `X-Amz-Target`: `DynamoDB_20120810`. CBOR: the service in the path. */
  readonly targetPrefix?: string
  /** Query protocol: the `Version` parameter, also the tail of the XML namespace: `2011-06-15`. */
  readonly version?: string
  readonly operations: readonly Operation[]
  /** Headers of every answer, refusals included: for browsers. */
  readonly headers?: Readonly<Record<string, string>>
  /** This service's way of saying no (facts: J). */
  denied(access: Access, decision: Decision, call: Call): AwsError
  /** REST-XML: names in the query that ask for something of their own: `acl` in `GET /bucket?acl`. */
  readonly subresources?: ReadonlySet<string>
  /** REST-XML: unsigned requests are authorized as the anonymous principal, which a resource policy may allow. */
  readonly anonymous?: true
  /** REST protocols: what a request is told that matches no route. */
  unrouted?(wire: WireRequest): AwsError
}

/** Tells a `WireAnswer` from an ordinary output. */
export const isWireAnswer = (output: unknown): output is WireAnswer =>
  typeof output === 'object' &&
  output !== null &&
  'status' in output &&
  'headers' in output &&
  'body' in output
