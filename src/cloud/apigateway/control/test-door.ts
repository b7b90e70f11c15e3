// For tests alone: the control plane behind a plain HTTP port. It checks no signature, but asks IAM.
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2'
import { onTestFinished } from 'vitest'
import { defaultAccount } from '../../account.ts'
import { noSuchOperation } from '../../door/no-such-operation.ts'
import { encode, encodeError, router } from '../../door/protocols/rest-json.ts'
import { answering, someone } from '../../door/protocols/test-server.ts'
import { AwsError } from '../../error.ts'
import type { Access, Call, WireAnswer, WireRequest } from '../../service.ts'
import type { Stand } from '../stand.ts'

/** A real client of API Gateway v2, and what IAM was asked for it. */
export interface ControlDoor {
  readonly client: ApiGatewayV2Client
  readonly endpoint: string
  readonly asked: readonly Access[]
  /** For version 1, of which no client is installed. */
  get(
    path: string,
  ): Promise<{ readonly status: number; readonly errorType: string | null; readonly body: any }>
}

/** Opens a door to a stand's control plane. */
export async function openControlDoor(stand: Stand): Promise<ControlDoor> {
  const { controlPlane } = stand.gateway
  const find = router(controlPlane.operations)
  const asked: Access[] = []
  const { endpoint, stop } = await answering(serve)
  const client = new ApiGatewayV2Client({ ...someone, endpoint })
  onTestFinished(() => {
    client.destroy()
    stop()
  })

  return {
    client,
    endpoint,
    asked,
    async get(path) {
      const response = await fetch(endpoint + path)
      const errorType = response.headers.get('x-amzn-errortype')
      return { status: response.status, errorType, body: await response.json() }
    },
  }

  function serve(wire: WireRequest): WireAnswer {
    try {
      const call: Call = { principal: LEARNER, requestId: 'r', account: defaultAccount, wire }
      const found = find(wire)
      if (!found) throw noSuchOperation(controlPlane, wire, 'UnknownOperationException', 404)
      for (const access of found.operation.access(found.input, call)) {
        asked.push(access)
        const decision = stand.decide(access)
        if (!decision.allowed) throw controlPlane.denied(access, decision, call)
      }
      return encode(found.operation.run(found.input, call), 'r')
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return encodeError(error, 'r')
    }
  }
}

const LEARNER = {
  kind: 'user',
  arn: 'arn:aws:iam::123456789012:user/learner',
  accountId: '123456789012',
  userId: 'AIDALEARNER',
} as const
