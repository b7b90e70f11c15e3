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
 * switches.prove.ts tries them all.
 */
export const switches: readonly Switch[] = [
  {
    row: 'A8',
    what: 'every refusal by `$connect` is a 403',
    file: 'src/cloud/apigateway/sockets/handshake.ts',
    find: 'return { status: outcome.status, because',
    replace: 'return { status: 403, because',
  },
  {
    row: 'A10',
    what: 'a `$connect` that throws is a 500 (K6)',
    file: 'src/cloud/apigateway/integrations/lambda-proxy.ts',
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
    row: 'A22',
    what: "the handler's subprotocol is not passed on (K2)",
    file: 'src/cloud/apigateway/sockets/upgrade-server.ts',
    find: 'protocol === undefined ? []',
    replace: 'protocol !== null ? []',
  },
  {
    row: 'A26',
    what: 'nobody is ever gone (K2, K5)',
    file: 'src/cloud/apigateway/sockets/connections-service.ts',
    find: 'if (connection?.apiId !== apiId',
    replace: 'if (!connection) return answer(core, call, 200)\n      if (connection?.apiId !== apiId',
  },
  {
    row: 'A28',
    what: 'the 101 goes out, and posts arrive, before `$connect` has returned (K2)',
    file: 'src/cloud/apigateway/sockets/handshake.ts',
    find: '  const outcome = await integrateLogged(core, route, passage, log)',
    replace: `  void integrateLogged(core, route, passage, log)
  if (route) return welcome(admitted, occasion)
  const outcome = await integrateLogged(core, route, passage, log)`,
  },
  {
    row: 'B4',
    what: 'route keys are compared in lower case',
    file: 'src/cloud/apigateway/messages/messages.ts',
    find: 'const key = selectRoute(sources)',
    replace: 'const key = selectRoute(sources).toLowerCase()',
  },
  {
    row: 'B7',
    what: 'a message without a route is told `No route found` (K3)',
    file: 'src/cloud/apigateway/messages/messages.ts',
    find: 'message: says.forbidden,',
    replace: "message: 'No route found',",
  },
  {
    row: 'B8',
    what: 'error frames are spaced as by `JSON.stringify` (K3, K6)',
    file: 'src/cloud/apigateway/messages/error-frame.ts',
    find: '`{"message": ${JSON.stringify(message)}, "connectionId":"${connectionId}", "requestId":"${requestId}"}`',
    replace: 'JSON.stringify({ message, connectionId, requestId })',
  },
  {
    row: 'C1',
    what: 'what a function returns on a one-way route is sent',
    file: 'src/cloud/apigateway/deploy.ts',
    find: "    twoWay:\n      route.routeResponseSelectionExpression === '$default' &&",
    replace: "    twoWay:\n      route.routeKey !== '$connect' ||",
  },
  {
    row: 'C10',
    what: "an integration response's key is compared, not matched",
    file: 'src/cloud/apigateway/integrations/integration-reply.ts',
    find: 'new RegExp(`^(?:${pattern})$`).test(subject)',
    replace: 'pattern === subject',
  },
  {
    row: 'C23',
    what: 'CONVERT_TO_BINARY converts nothing',
    file: 'src/cloud/apigateway/integrations/endpoint-request.ts',
    find: '? decoded(text)',
    replace: '? Buffer.from(text)',
  },
  {
    row: 'D6',
    what: '`$disconnect` has one header fewer',
    file: 'src/cloud/apigateway/messages/event-shapes.ts',
    find: "    ['x-restapi', ''],\n",
    replace: '',
  },
  {
    row: 'D8',
    what: '`messageId` is null where there is no message',
    file: 'src/cloud/apigateway/messages/event-shapes.ts',
    find: "...(what.eventType === 'MESSAGE' && { messageId: what.messageId }),",
    replace: "messageId: what.eventType === 'MESSAGE' ? what.messageId : null,",
  },
  {
    row: 'E5',
    what: 'a 410 has a JSON body (K3)',
    file: 'src/cloud/apigateway/sockets/connections-service.ts',
    find: "'x-amzn-ErrorType': 'GoneException' }, body }",
    replace: `'x-amzn-ErrorType': 'GoneException' }, body: '{"message":"Gone"}' }`,
  },
  {
    row: 'E8',
    what: 'messages of any size can be posted',
    file: 'src/cloud/apigateway/sockets/connections-service.ts',
    find: 'input.body.length > MAX_MESSAGE_BYTES',
    replace: 'input.body.length > 10 * MAX_MESSAGE_BYTES',
  },
  {
    row: 'E11',
    what: 'a denial shows the whole account number',
    file: 'src/cloud/apigateway/sockets/connections-service.ts',
    find: "    .replace(/:\\d{8}(\\d{4}):/, ':********$1:')\n",
    replace: '',
  },
  {
    row: 'F6',
    what: 'an authorizer is asked though an identity source is missing',
    file: 'src/cloud/apigateway/authorization/authorizer.ts',
    find: 'if (missing) return',
    replace: 'if (missing && identitySources.length === 0) return',
  },
  {
    row: 'F9',
    what: 'only a policy that denies keeps somebody out',
    file: 'src/cloud/apigateway/authorization/authorizer.ts',
    find: '  if (!decision.allowed) {',
    replace: "  if (!decision.allowed && decision.deny === 'explicit') {",
  },
  {
    row: 'F17',
    what: 'AWS_IAM on `$connect` asks nobody for a signature',
    file: 'src/cloud/apigateway/authorization/identify.ts',
    find: "if (route.authorizationType === 'AWS_IAM') return identifyCaller(core, occasion, request, log)",
    replace:
      "if (route.authorizationType === 'AWS_IAM' && !request.url) return identifyCaller(core, occasion, request, log)\n  if (route.authorizationType === 'AWS_IAM') return { peer: occasion.peer }",
  },
  {
    row: 'H1',
    what: 'every stage serves what the API is now (K3)',
    file: 'src/cloud/apigateway/deploy.ts',
    find: 'if (stage.settings.autoDeploy && stage.deployed?.revision',
    replace: 'if (stage.deployed?.revision',
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
]
