import { expect, test } from 'vitest'
import type { Criterion } from '#kit'
import { isGatewayError } from './gateway-error.ts'
import { criteria as lab1 } from './lab1-missing-route/criteria.ts'
import { criteria as lab2 } from './lab2-wrong-permissions/criteria.ts'
import { criteria as lab3 } from './lab3-authentication/criteria.ts'
import { criteria as lab4 } from './lab4-stale-connections/criteria.ts'
import { criteria as lab5 } from './lab5-notifications/criteria.ts'
import { criteria as lab6 } from './lab6-graphql-subscriptions/criteria.ts'
import { criteria as lab7 } from './lab7-at-least-once/criteria.ts'
import { criteria as lab8 } from './lab8-the-way-back/criteria.ts'
import { criteria as lab9 } from './lab9-not-on-the-stage/criteria.ts'
import { criteria as lab10 } from './lab10-the-answer-nobody-hears/criteria.ts'

const forbidden =
  '{"message": "Forbidden", "connectionId":"XDmENcnwIE0CFEQ=", "requestId":"XDmGEE2RoE0FRdQ="}'
const failed =
  '{"message": "Internal server error", "connectionId":"Qyi07eCbtjMCJKw=", "requestId":"Qyi3UG41tjMFlUg="}'
const timedOut =
  '{"message": "Endpoint request timed out", "connectionId":"Llf4ceE2NjMCF7w=", "requestId":"Llf7PFSNNjMFZeA="}'
const who = 'User: arn:aws:sts::123456789012:assumed-role/ChatRole/ChatFunction is not authorized to perform:'
const mayNotScan = `AccessDeniedException: ${who} dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:123456789012:table/Chat because no identity-based policy allows the dynamodb:Scan action`
const wrongPath = 'ForbiddenException: Forbidden'
const stageTooMany =
  'NotFoundException: No method found matching route prod/@connections/XDmENcnwIE0CFEQ= for http method POST.'
const gone = 'GoneException: UnknownError'
const nothing = 'nothing of the kind, and nothing is under way any more'
const mayNotPost = `AccessDeniedException: ${who} execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:abcdef123/live/POST/@connections/{connectionId}`

test.each([
  [lab1, 'whoami-is-true', [forbidden], /no route/],
  [lab1, 'whoami-is-true', [failed], /no function logged a failure/],
  [lab1, 'whoami-is-true', [failed, 'answer logged: Error: out of order'], /failed with Error: out of order/],
  [lab1, 'whoami-is-true', [failed, `answer logged: ${mayNotPost}`], /role does not let it post/],
  [lab1, 'whoami-is-true', ['ben and ana were both told XDmENcnwIE0CFEQ='], /does not depend on the client/],
  [lab1, 'anything-else-is-answered', ['silence'], /without posting/],
  [lab1, 'message-comes-back', ['silence', timedOut], /not done after 29 seconds/],
  [lab1, 'connection-survives', ['silence; the connection was closed with 1000'], /hung up/],
  [lab1, 'door-opens', ['it was refused with 403'], /serves no deployment/],
  [lab1, 'door-opens', ['it was refused with 401'], /answered with 401/],
  [
    lab2,
    'everybody-hears',
    [failed, `sendMessage logged: ${mayNotScan}`],
    /asked DynamoDB for dynamodb:Scan/,
  ],
  [lab2, 'everybody-hears', [failed, `sendMessage logged: ${mayNotPost}`], /has read the list/],
  [lab2, 'door-opens', ['it was refused with 502', `connect logged: ${mayNotScan}`], /refused dynamodb:Scan/],
  [lab3, 'the-signed-in-come-in', ['it was refused with 401'], /in the query/],
  [
    lab3,
    'the-signed-in-come-in',
    ['it was refused with 401', 'authorize logged: Error: Unauthorized'],
    /said Unauthorized to a valid token/,
  ],
  [lab3, 'the-signed-in-come-in', ['it was refused with 403'], /something else than this stage/],
  [lab3, 'the-signed-in-come-in', ['it was refused with 500'], /did not answer with a policy/],
  [
    lab3,
    'the-signed-in-come-in',
    ['Cognito answered InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client'],
    /could not sign in/,
  ],
  [lab3, 'no-token-no-entry', ['it was answered with 101, and the connection is open'], /Nothing asked/],
  [lab3, 'forged-tokens-stay-out', ['it was answered with 101, and the connection is open'], /who signed it/],
  [lab3, 'forged-tokens-stay-out', ['mallory, who x, was refused with 500'], /by an accident/],
  [lab3, 'forged-tokens-stay-out', ['mallory, who x, was refused with 410'], /410 does not say why/],
  [lab3, 'other-tokens-stay-out', ['it was answered with 101, and the connection is open'], /genuine/],
  [lab3, 'heard-under-their-own-name', ['{"text":"01234567"}'], /no name came with it/],
  [lab3, 'heard-under-their-own-name', ['{"from":"ben","text":"01234567"}'], /under another nam/],
  [
    lab3,
    'a-browser-comes-in',
    ["ana's console: … Error during WebSocket handshake: Unexpected response code: 403"],
    /refused with 403/,
  ],
  [lab3, 'a-browser-comes-in', ["ana's console: the connection was closed with 1006"], /did not last/],
  [lab3, 'a-browser-comes-in', ['{"text":"01234567"}'], /did not hear what it said/],
  [lab3, 'expired-tokens-stay-out', ['it was answered with 101, and the connection is open'], /for ever/],
  [lab4, 'door-opens', ['it was refused with 502', `connect logged: ${mayNotScan}`], /refused dynamodb:Scan/],
  [lab4, 'leaving-takes-you-off-the-list', [nothing], /no reason not to use it/],
  [lab4, 'leaving-takes-you-off-the-list', ['the row of ana is gone'], /others are ta/],
  [
    lab4,
    'leaving-takes-you-off-the-list',
    [nothing, `disconnect logged: ${mayNotScan}`],
    /asked for dynamodb:Scan/,
  ],
  [lab4, 'everybody-hears', ['silence', failed, `sendMessage logged: ${mayNotPost}`], /does not let it post/],
  [lab4, 'the-gone-do-no-harm', ['silence', failed, `sendMessage logged: ${gone}`], /ended the round/],
  [lab4, 'the-gone-do-no-harm', ['ben heard {"text":"01234567"}'], /more than once/],
  [lab4, 'the-gone-do-no-harm', ['silence'], /rest of the list/],
  [lab4, 'the-gone-are-forgotten', [nothing], /posted to for ever/],
  [lab4, 'the-gone-are-forgotten', ['the row of ben is gone'], /about one connection/],
  [lab4, 'the-gone-are-forgotten', [nothing, `sendMessage logged: ${mayNotScan}`], /does not allow that/],
  [lab4, 'other-failures-are-no-goodbye', ['the row of dan is gone'], /slow, not gone/],
  [lab4, 'other-failures-are-no-goodbye', [`ana heard ${failed}`], /held against the one who spoke/],
  [lab4, 'other-failures-are-no-goodbye', [nothing], /caught and dropped/],
  [lab4, 'other-failures-are-no-goodbye', ['silence'], /others were not told/],
  [lab4, 'rows-expire', ['it is DISABLED'], /stays until something deletes it/],
  [lab4, 'rows-expire', ['it is 20,768,123 days after that'], /counts in seconds/],
  [lab4, 'rows-expire', ['it is 10 minutes after that'], /may live for two hours/],
  [lab4, 'rows-expire', ['the row: {"connectionId":{"S":"XDmENcnwIE0CFEQ="}}'], /will never expire/],
  [lab4, 'rows-expire', ['it is 365 days after that'], /No connection lives that long/],
  [lab4, 'rows-expire', ['it is now 30 days after that'], /has moved that/],
  [lab4, 'rows-expire', ['the row now: {"connectionId":{"S":"XDmENcnwIE0CFEQ="}}'], /written anew/],
  [lab4, 'other-failures-are-no-goodbye', ['ana heard {"error":"dan"}'], /something that nobody has said/],
  [lab4, 'other-failures-are-no-goodbye', ['that row is gone'], /after another failure than 410 and 429/],
  [lab4, 'comings-and-goings-are-noted', [nothing], /leaves no trace/],
  [lab4, 'the-list-is-read-to-its-end', ['silence'], /one megabyte/],
  [lab4, 'the-list-is-read-to-its-end', ['eve heard {"text":"01234567"}'], /more than once/],
  [
    lab4,
    'the-list-is-read-to-its-end',
    ['silence', 'sendMessage logged: Task timed out after 29.00 seconds'],
    /still at it after 29/,
  ],
  [lab4, 'few-at-a-time', ['it grew by 120 MB'], /already in memory/],
  [lab5, 'who-waits-hears', [failed, `publish logged: ${mayNotPost}`], /asked for execute-api/],
  [lab5, 'everybody-waiting-hears', ['1 of them heard it; the others heard nothing'], /round ended early/],
  [lab5, 'everybody-waiting-hears', ['it was told {"delivered":0}'], /was told 0/],
  [lab5, 'everybody-waiting-hears', ['dan heard {"status":"done"}'], /what they had heard/],
  [lab5, 'bad-envelopes-are-answered', ['silence; the connection was closed with 1000'], /was disconnected/],
  [lab5, 'bad-envelopes-are-answered', ['{"registered":{"ref":"1"}}'], /taken for one that does/],
  [lab5, 'bad-envelopes-are-answered', ['{"error":"Bad request"}'], /does not say what is wrong/],
  [lab5, 'the-gone-are-forgotten', [failed, 'publish logged: GoneException: 410'], /ended the round/],
  [lab5, 'nobody-else-hears', ['ben heard {"status":"done"}'], /another merchant/],
  [lab5, 'nobody-else-hears', ['eve heard {"status":"done"}'], /joined to one text/],
  [lab5, 'only-backends-publish', ['it was answered with 101, and the connection is open'], /is let in/],
  [lab5, 'only-backends-publish', ['{"delivered":1}'], /was believed/],
  [lab5, 'registrations-expire', ['it is 29,000,000,000,000 minutes after that'], /milliseconds/],
  [lab5, 'stages-are-apart', ['Dev is allowed to use a and b'], /tried out in dev/],
  [lab5, 'nothing-more', ['Role is allowed dynamodb:Scan on arn'], /rows of all merchants/],
  [lab5, 'backend-client-recovers', ['the job printed: Unexpected server response: 403'], /refused with 403/],
  [
    lab5,
    'page-hears',
    ["ana's console: InvalidStateError: Failed to execute 'send' on 'WebSocket': Still in CONNECTING state."],
    /before the connection was open/,
  ],
  [lab5, 'page-recovers', ['silence'], /did not come back/],
  [lab6, 'protocols-are-agreed-on', ['Server sent no subprotocol'], /without a word on the protocols/],
  [lab6, 'the-protocol-is-kept', ['it stayed open'], /must be disconnected/],
  [lab6, 'messages-arrive', ['silence', `deliver logged: ${mayNotPost}`], /does not let it post the result/],
  [lab6, 'messages-arrive', ['silence'], /Follow it from there/],
  [lab6, 'messages-arrive', ['{"say":{}} and nothing that completes it'], /was never completed/],
  [lab6, 'messages-arrive', ['silence; the subscription was completed'], /did not end it/],
  [lab6, 'messages-arrive', ['cyd heard the same a second time: {}'], /shown more than once/],
  [lab6, 'messages-arrive', ['cyd heard what was said before it subscribed: {}'], /came later/],
  [
    lab6,
    'each-hears-their-own',
    ['{"id":"1"}; it lacks fields that were asked for: message.who'],
    /do not cut/,
  ],
  [lab6, 'each-hears-their-own', ['silence'], /another took its place/],
  [lab6, 'rooms-are-apart', ['ben heard what it did not ask for: {}'], /character by character/],
  [lab6, 'errors-are-frames', ['silence; the connection was closed with 1000'], /no breach of the protocol/],
  [lab6, 'history-is-told', ['the messages are told in another order: …'], /latest stands at the end/],
  [lab6, 'history-is-told', ['ana is told 2 messages instead of 10: …'], /2 messages came, where 10/],
  [
    lab6,
    'nothing-more',
    ['its policy lets in a topic of others, such as arn'],
    /takes messages from a topic of others/,
  ],
  [lab7, 'each-message-once', ['ana heard the same a second time: {}'], /Nothing notes/],
  [lab7, 'remembered-once', ['ana is told a message twice: …'], /remembered twice/],
  [lab7, 'poison-is-put-aside', ['the queue Q has no redrive policy'], /has no dead-letter queue/],
  [lab7, 'poison-is-put-aside', ['4 are missing there, and they are in no queue any more'], /told SQS/],
  [lab7, 'somebody-is-called', ['an alarm about NumberOfMessagesSent'], /that is not counted/],
  [
    lab8,
    'ready-arrives',
    ['silence', 'serve logged: Task timed out after 3.00 seconds; its WEBSOCKET_ENDPOINT begins with wss:'],
    /the sockets of clients/,
  ],
  [lab8, 'ready-arrives', ['silence', `serve logged: ${wrongPath}`], /No permission is at fault/],
  [lab8, 'ready-arrives', ['silence', `serve logged: ${mayNotPost}`], /The address is right/],
  [lab8, 'ready-arrives', ['silence'], /answered with 410/],
  [lab8, 'ready-arrives', ['ana heard {"ready":"two rolls"}'], /more than it should/],
  [lab8, 'orders-are-taken', [failed, 'take logged: TypeError: Invalid URL'], /does not know where to post/],
  [lab8, 'stages-never-mix', ['dan heard {"ready":"two rolls"}'], /the other stage/],
  [lab8, 'whichever-door', [failed, `take logged: ${wrongPath}`], /not have the path/],
  [lab8, 'whichever-door', [failed, `take logged: ${stageTooMany}`], /leads to the stage already/],
  [lab8, 'nothing-more', ['Role is allowed to post to a and to b'], /clients of both stages/],
  [lab9, 'preview-lets-in', ['it was refused with 429'], /A limit of 0 lets nobody in/],
  [lab9, 'live-lets-in', ['it was refused with 403'], /serves no deployment/],
  [lab9, 'live-answers', [forbidden], /A stage serves a deployment/],
  [lab9, 'live-answers', ['silence'], /nothing hands the answer on/],
  [lab9, 'live-answers', ['release 2 answered: {"text":"hi"}'], /nobody has released it there/],
  [lab9, 'live-answers', [failed, 'Release1 logged: Error: out of order'], /failed with Error: out of order/],
  [
    lab9,
    'every-instance-serves-all',
    ['it was told XDmENcnwIE0CFEQ='],
    /The id comes from the memory of an instance/,
  ],
  [lab9, 'the-rate-is-kept', ['all 200 were let through'], /sends without end/],
  [
    lab9,
    'the-second-release-arrives',
    ['release 1 answered: {"text":"hi"}'],
    /CloudFormation makes a deployment once/,
  ],
  [lab9, 'the-second-release-arrives', [forbidden], /does not know this action/],
  [lab9, 'live-stays-as-it-is', ['release 2 answered: {"text":"hi"}'], /live has it too/],
  [lab9, 'live-stays-as-it-is', [failed], /a function that is not there any more/],
  [lab9, 'live-follows', ['release 1 answered: {"text":"hi"}'], /still serves the old deployment/],
  [lab10, 'door-opens', ['it was refused with 502', `connect logged: ${gone}`], /\$connect/],
  [lab10, 'quotes-are-answered', ['silence'], /only if its route has a route response/],
  [lab10, 'quotes-are-answered', ['{"welcome":"XDmENcnwIE0CFEQ="}'], /only if its route has a route/],
  [lab10, 'pings-are-answered', ['silence'], /answers with its integration response/],
  [lab10, 'pings-are-answered', [failed], /no integration response fits/],
  [lab10, 'orders-are-answered', ['silence'], /wait until its answer is sent/],
  [lab10, 'orders-are-answered', [failed, `order logged: ${mayNotPost}`], /does not let it post/],
  [lab10, 'orders-are-answered', ['ana heard ""'], /without a body, an empty message/],
  [lab10, 'seen-stays-silent', [nothing], /no function has logged its id/],
  [lab10, 'the-welcome-comes-first', ['silence'], /begins when the function has returned/],
  [lab10, 'the-welcome-comes-first', ['silence', `welcome logged: ${gone}`], /no such connection/],
  [lab10, 'each-hears-its-own-answers', ['ana heard {"id":"1"}'], /If a function does both/],
  [lab10, 'every-instance-serves-all', ['silence'], /what another one keeps/],
] as const)('from what AWS says to what it means: %#', (criteria, id, seen, means) => {
  expect(
    meaningOf(
      criteria.find(one => one.id === id),
      seen,
    ),
  ).toMatch(means)
})

test('what API Gateway says itself is told from an answer of the service', () => {
  expect(isGatewayError(JSON.parse(forbidden))).toBe(true)
  expect(isGatewayError(JSON.parse(failed))).toBe(true)
  expect(isGatewayError({ connectionId: 'XDmENcnwIE0CFEQ=' })).toBe(false)
  expect(isGatewayError('Forbidden')).toBe(false)
  expect(isGatewayError(null)).toBe(false)
})

/** As the judge does it: the first diagnosis that fits, its groups filled in. */
function meaningOf(criterion: Criterion | undefined, seen: readonly string[]): string | undefined {
  for (const { when, means } of criterion?.diagnoses ?? []) {
    const line = seen.find(text => !when || when.test(text))
    if (line !== undefined)
      return when ? means.replace(/\$(\d)/g, (_, group) => when.exec(line)?.[group] ?? '') : means
  }
  return undefined
}
