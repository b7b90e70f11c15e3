/** A behaviour of the local cloud that can be switched off, so that one row of the fact sheet no longer holds. */
export interface Switch {
  /** The row that must notice. Other rows may notice too. */
  readonly row: string
  /** What the cloud does without it, and the row of section K where that was seen in another emulator. */
  readonly what: string
  /** From the root of the house. */
  readonly file: string
  /** Exact source text, once in the file. */
  readonly find: string
  readonly replace: string
}

/**
 * Behaviours from every section, each replaced by what is easily got wrong instead. A row that does not notice tests nothing:
 * switches.test.ts tries them all.
 */
export const switches: readonly Switch[] = [
  {
    row: 'A8',
    what: 'every refusal by `$connect` is a 403',
    file: 'src/cloud/apigateway/handshake.ts',
    find: 'return { status: outcome.status, because',
    replace: 'return { status: 403, because',
  },
  {
    row: 'A10',
    what: 'a `$connect` that throws is a 500 (K6)',
    file: 'src/cloud/apigateway/lambda-proxy.ts',
    find: '      502,',
    replace: '      500,',
  },
  {
    row: 'A12',
    what: "a function's permissions are not looked at",
    file: 'src/cloud/lambda/invoker.ts',
    find: 'if (decision.allowed) return named',
    replace: "if (decision.allowed || caller.kind === 'service') return named",
  },
  {
    row: 'A21',
    what: 'the extensions are spelt as `ws` spells them',
    file: 'src/cloud/apigateway/upgrade-server.ts',
    find: "value.replaceAll('; ', ';')",
    replace: 'value',
  },
  {
    row: 'A22',
    what: "the handler's subprotocol is not passed on (K2)",
    file: 'src/cloud/apigateway/upgrade-server.ts',
    find: 'protocol === undefined ? []',
    replace: 'protocol !== null ? []',
  },
  {
    row: 'A26',
    what: 'nobody is ever gone (K2, K5)',
    file: 'src/cloud/apigateway/connections-service.ts',
    find: 'if (connection?.apiId !== apiId',
    replace: 'if (!connection) return answer(core, call, 200)\n      if (connection?.apiId !== apiId',
  },
  {
    row: 'A28',
    what: 'the 101 goes out, and posts arrive, before `$connect` has returned (K2)',
    file: 'src/cloud/apigateway/handshake.ts',
    find: '  const outcome = await integrateLogged(core, route, passage, log)',
    replace: `  void integrateLogged(core, route, passage, log)
  if (route) return welcome(admitted, occasion)
  const outcome = await integrateLogged(core, route, passage, log)`,
  },
  {
    row: 'A35',
    what: 'nobody is sent away for being idle (K2)',
    file: 'src/cloud/apigateway/lifetimes.ts',
    find: 'IDLE = 10 * 60 * 1000',
    replace: 'IDLE = 24 * 60 * 60 * 1000',
  },
  {
    row: 'B4',
    what: 'route keys are compared in lower case',
    file: 'src/cloud/apigateway/messages.ts',
    find: 'const key = selectRoute(sources)',
    replace: 'const key = selectRoute(sources).toLowerCase()',
  },
  {
    row: 'B7',
    what: 'a message without a route is told `No route found` (K3)',
    file: 'src/cloud/apigateway/messages.ts',
    find: 'message: says.forbidden,',
    replace: "message: 'No route found',",
  },
  {
    row: 'B8',
    what: 'error frames are spaced as by `JSON.stringify` (K3, K6)',
    file: 'src/cloud/apigateway/error-frame.ts',
    find: '`{"message": ${JSON.stringify(message)}, "connectionId":"${connectionId}", "requestId":"${requestId}"}`',
    replace: 'JSON.stringify({ message, connectionId, requestId })',
  },
  {
    row: 'B16',
    what: 'a message for which there is no model is not validated',
    file: 'src/cloud/apigateway/snapshot.ts',
    find: "if (!check) return () => '[No model matches the request]'",
    replace: 'if (!check) return undefined',
  },
  {
    row: 'C1',
    what: 'what a function returns on a one-way route is sent',
    file: 'src/cloud/apigateway/snapshot.ts',
    find: "    twoWay:\n      route.routeResponseSelectionExpression === '$default' &&",
    replace: "    twoWay:\n      route.routeKey !== '$connect' ||",
  },
  {
    row: 'C10',
    what: "an integration response's key is compared, not matched",
    file: 'src/cloud/apigateway/integration-reply.ts',
    find: 'new RegExp(`^(?:${pattern})$`).test(subject)',
    replace: 'pattern === subject',
  },
  {
    row: 'C13',
    what: 'PassthroughBehavior NEVER lets pass',
    file: 'src/cloud/apigateway/transform.ts',
    find: "  if (passthrough === 'NEVER') return undefined\n",
    replace: '',
  },
  {
    row: 'C23',
    what: 'CONVERT_TO_BINARY converts nothing',
    file: 'src/cloud/apigateway/endpoint-request.ts',
    find: '? decoded(text)',
    replace: '? Buffer.from(text)',
  },
  {
    row: 'C24',
    what: 'what is posted arrives in binary frames (K2)',
    file: 'src/cloud/apigateway/connections-service.ts',
    find: "core.send(connection, body.toString('utf8'))",
    replace: 'connection.socket.send(body)',
  },
  {
    row: 'D6',
    what: '`$disconnect` has one header fewer',
    file: 'src/cloud/apigateway/event-shapes.ts',
    find: "    ['x-restapi', ''],\n",
    replace: '',
  },
  {
    row: 'D8',
    what: '`messageId` is null where there is no message',
    file: 'src/cloud/apigateway/event-shapes.ts',
    find: "...(what.eventType === 'MESSAGE' && { messageId: what.messageId }),",
    replace: "messageId: what.eventType === 'MESSAGE' ? what.messageId : null,",
  },
  {
    row: 'D15',
    what: "an authorizer's context keeps its numbers and booleans",
    file: 'src/cloud/apigateway/authorizer.ts',
    find: '[[name, String(value)]]',
    replace: '[[name, value as string]]',
  },
  {
    row: 'E5',
    what: 'a 410 has a JSON body (K3)',
    file: 'src/cloud/apigateway/connections-service.ts',
    find: "'x-amzn-ErrorType': 'GoneException' }, body }",
    replace: `'x-amzn-ErrorType': 'GoneException' }, body: '{"message":"Gone"}' }`,
  },
  {
    row: 'E8',
    what: 'messages of any size can be posted',
    file: 'src/cloud/apigateway/connections-service.ts',
    find: 'input.body.length > MAX_MESSAGE_BYTES',
    replace: 'input.body.length > 10 * MAX_MESSAGE_BYTES',
  },
  {
    row: 'E9',
    what: 'a full buffer is a 400, as exceeded limits are in other services, and no SDK tries again',
    file: 'src/cloud/apigateway/connections-service.ts',
    find: "'The WebSocket client side buffer is full', 429)",
    replace: "'The WebSocket client side buffer is full', 400)",
  },
  {
    row: 'E11',
    what: 'a denial shows the whole account number',
    file: 'src/cloud/apigateway/connections-service.ts',
    find: "    .replace(/:\\d{8}(\\d{4}):/, ':********$1:')\n",
    replace: '',
  },
  {
    row: 'F6',
    what: 'an authorizer is asked though an identity source is missing',
    file: 'src/cloud/apigateway/authorizer.ts',
    find: 'if (missing) return',
    replace: 'if (missing && identitySources.length === 0) return',
  },
  {
    row: 'F9',
    what: 'only a policy that denies keeps somebody out',
    file: 'src/cloud/apigateway/authorizer.ts',
    find: '  if (!decision.allowed) {',
    replace: "  if (!decision.allowed && decision.deny === 'explicit') {",
  },
  {
    row: 'F14',
    what: "authorizers' answers are kept, as for HTTP APIs",
    file: 'src/cloud/apigateway/authorizer.ts',
    find: '  const { answer, ...lambda } = await consult(core, authorizer, occasion, offer, log)',
    replace: `  const kept: Map<string, Consultation> = ((globalThis as any).kept ??= new Map())
  const identity = authorizer.identitySources.map(source => identityIn(source, occasion, offer)).join()
  const { answer, ...lambda } = kept.get(identity) ?? (await consult(core, authorizer, occasion, offer, log))
  kept.set(identity, { answer, ...lambda })`,
  },
  {
    row: 'F17',
    what: 'AWS_IAM on `$connect` asks nobody for a signature',
    file: 'src/cloud/apigateway/identify.ts',
    find: "if (route.authorizationType === 'AWS_IAM') return identifyCaller(core, occasion, request, log)",
    replace:
      "if (route.authorizationType === 'AWS_IAM' && !request.url) return identifyCaller(core, occasion, request, log)\n  if (route.authorizationType === 'AWS_IAM') return { peer: occasion.peer }",
  },
  {
    row: 'G4',
    what: 'only what is on the wire counts against 32 KB, and browsers compress',
    file: 'src/cloud/apigateway/switchboard.ts',
    find: 'if (isFrame && data.length > MAX_FRAME_BYTES)',
    replace: 'if (isFrame && data.length > 4 * MAX_FRAME_BYTES)',
  },
  {
    row: 'H1',
    what: 'every stage serves what the API is now (K3)',
    file: 'src/cloud/apigateway/snapshot.ts',
    find: 'if (stage.settings.autoDeploy && stage.deployed?.revision',
    replace: 'if (stage.deployed?.revision',
  },
  {
    row: 'H12',
    what: 'logs need no role of the account',
    file: 'src/cloud/apigateway/resources/stage-logs.ts',
    find: 'if (!accountSettings.cloudWatchRoleArn)',
    replace: "if (accountSettings.cloudWatchRoleArn === '')",
  },
  {
    row: 'J2',
    what: 'DynamoDB looks for the table first',
    file: 'src/cloud/door/door.ts',
    find: 'if (!decision.allowed) throw service.denied(access, decision, call)',
    replace:
      'if (!decision.allowed) {\n      await operation.run(input, call)\n      throw service.denied(access, decision, call)\n    }',
  },
  {
    row: 'J4',
    what: 'SQS names its actions as other services do',
    file: 'src/cloud/sqs/access.ts',
    find: 'action: `sqs:${action.toLowerCase()}`',
    replace: 'action: `sqs:${action}`',
  },
  {
    row: 'J10',
    what: 'an explicit deny does not say in which policy',
    file: 'src/cloud/iam/denial.ts',
    find: "return `with an explicit deny in ${kind === 'identity-based' ? 'an' : 'a'} ${policy}`",
    replace: "return 'with an explicit deny'",
  },
  {
    row: 'I36',
    what: 'a body that is no text is sent as JSON',
    file: 'src/cloud/apigateway/lambda-proxy.ts',
    find: "if (body !== undefined && body !== null && typeof body !== 'string') return undefined",
    replace:
      "if (typeof body === 'object' && body !== null) return { kind: 'answered', status, headers: {}, body: JSON.stringify(body) }",
  },
]
