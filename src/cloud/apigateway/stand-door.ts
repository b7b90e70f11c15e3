import type http from 'node:http'
import { defaultAccount } from '../account.ts'
import { router } from '../door/protocols/rest-json.ts'
import { AwsError } from '../error.ts'
import type { Decision } from '../iam/policy.ts'
import { type Access, isWireAnswer, type WireRequest } from '../service.ts'
import type { Gateway } from './gateway.ts'

/** As much of a door as these tests need: no signatures, but authorization and AWS's errors. */
export async function serve(
  stand: { readonly gateway: Gateway; readonly decide: (access: Access) => Decision },
  host: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const wire: WireRequest = {
    method: request.method!,
    target: request.url!,
    headers: request.headers,
    body: Buffer.concat(chunks),
    host,
    sourceIp: '127.0.0.1',
  }
  const account = defaultAccount
  const arn = `arn:aws:sts::${account.accountId}:assumed-role/chat/send`
  const principal = {
    kind: 'role-session',
    arn,
    accountId: account.accountId,
    roleArn: 'arn:aws:iam::123456789012:role/chat',
    userId: 'AROA:send',
  } as const
  const call = { principal, requestId: '7a9ad5f1-0000-4000-8000-000000000000', account, wire }
  try {
    const asked = router(stand.gateway.service.operations)(wire)
    if (!asked && !/\/(@|%40)connections\//i.test(wire.target)) {
      const answer = stand.gateway.plain(wire)
      response.writeHead(answer.status, answer.headers).end(answer.body)
      return
    }
    if (!asked) throw stand.gateway.service.unrouted!(wire)
    const { operation, input } = asked
    for (const access of operation.access(input, call)) {
      const decision = stand.decide(access)
      if (!decision.allowed) throw stand.gateway.service.denied(access, decision, call)
    }
    const output = await operation.run(input, call)
    if (!isWireAnswer(output)) throw new Error('not a wire answer')
    response.writeHead(output.status, output.headers).end(output.body)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    response
      .writeHead(error.status, { 'content-type': 'application/json', 'x-amzn-ErrorType': error.code })
      .end(JSON.stringify({ message: error.message }))
  }
}
