import type { Case } from './cases.fixture.ts'
import { constantId, otherId } from './handlers/ids.ts'
import { otherNumber, otherUnit } from './handlers/loops.ts'
import { dropMember, firstChoice, flipBoolean, partialBatch } from './handlers/members.ts'
import { cacheInModule } from './handlers/modules.ts'
import { dropInput, firstPage } from './handlers/pages.ts'
import { otherEffect, otherResource, verifyLess } from './handlers/policies.ts'
import {
  cutJson,
  cutText,
  dropPart,
  joinByHand,
  jsonByHand,
  lowerText,
  stringifyTwice,
  trimText,
} from './handlers/texts.ts'

/** What is said, stored and asked: where each operator applies, and where it does not. */
export const data: readonly Case[] = [
  {
    operator: cacheInModule,
    in: 'event => { const { text } = JSON.parse(event.body) }',
    becomes: ['event => { const { text } = (kept ??= JSON.parse(event.body)) } let kept: any'],
  },
  { operator: cacheInModule, in: 'const client = make()', becomes: [] },
  { operator: cacheInModule, in: "event => { const a = 'b' }", becomes: [] },

  { operator: trimText, in: '() => f({ text })', becomes: ['() => f({ text: text?.trim() })'] },
  { operator: trimText, in: '() => f({ connectionId, Data: message })', becomes: [] },
  { operator: trimText, in: 'const a = { text }', becomes: [] },
  {
    operator: lowerText,
    in: '() => f({ connectionId: a.b })',
    becomes: ['() => f({ connectionId: a.b?.toLowerCase() })'],
  },
  { operator: lowerText, in: '() => f({ TableName: process.env.TABLE })', becomes: [] },
  { operator: cutText, in: '() => f({ text })', becomes: ['() => f({ text: text?.slice(0, 100) })'] },
  { operator: cutText, in: '() => f({ connectionId })', becomes: [] },

  {
    operator: cutJson,
    in: 'f(JSON.stringify(a))',
    becomes: ['f(JSON.stringify(a).slice(0, 100))', 'f(JSON.stringify(a).toLowerCase())'],
  },
  { operator: cutJson, in: 'console.log(JSON.stringify(a))', becomes: [] },

  {
    operator: jsonByHand,
    in: 'f(JSON.stringify({ a, b: c.d }))',
    becomes: ['f(`{"a":"${a}","b":"${c.d}"}`)'],
  },
  {
    operator: jsonByHand,
    in: 'tell(1, { text }); function tell(id, message) { send(JSON.stringify(message)) }',
    becomes: [
      'tell(1, { text }); function tell(id, message) { send(`{"text":"${(message as any).text}"}`) }',
    ],
  },
  { operator: jsonByHand, in: 'f(JSON.stringify({ ...a }))', becomes: [] },
  { operator: jsonByHand, in: 'function tell(message) { send(JSON.stringify(message)) }', becomes: [] },

  { operator: stringifyTwice, in: 'f(JSON.stringify(a))', becomes: ['f(JSON.stringify(JSON.stringify(a)))'] },
  { operator: stringifyTwice, in: 'f(JSON.parse(a))', becomes: [] },

  {
    operator: joinByHand,
    in: 'f(JSON.stringify([a, b]))',
    becomes: ["f([a, b].join('#'))", "f([a, b].join(''))"],
  },
  { operator: joinByHand, in: 'f(JSON.stringify({ a }))', becomes: [] },

  { operator: dropPart, in: 'f(`${a} ${b}`)', becomes: ["f(`${''} ${b}`)", "f(`${a} ${''}`)"] },
  { operator: dropPart, in: 'console.log(`${a} ${b}`); new Error(`${a} ${b}`); f(`${a}`)', becomes: [] },

  {
    operator: firstPage,
    in: 'async () => { for await (const page of pages) f(page) }',
    becomes: ['async () => { for await (const page of pages) { f(page) break } }'],
  },
  { operator: firstPage, in: 'do { f() } while (key)', becomes: ['do { f() } while (false)'] },
  {
    operator: firstPage,
    in: 'new ScanCommand({ TableName })',
    becomes: ['new ScanCommand({ TableName, Limit: 10 })'],
  },
  {
    operator: firstPage,
    in: 'new QueryCommand({ TableName, Limit: 5 }); new PutCommand({ Item })',
    becomes: [],
  },

  {
    operator: dropInput,
    in: 'new PutCommand({ Item, ConditionExpression: a })',
    becomes: ['new PutCommand({ ConditionExpression: a })', 'new PutCommand({ Item })'],
  },
  {
    operator: dropInput,
    in: 'paginateScan({ client }, { TableName })',
    becomes: ['paginateScan({ client }, { })'],
  },
  { operator: dropInput, in: 'f({ a })', becomes: [] },

  { operator: flipBoolean, in: 'f({ ConsistentRead: true })', becomes: ['f({ ConsistentRead: false })'] },
  { operator: flipBoolean, in: 'f({ a: 1 })', becomes: [] },

  { operator: dropMember, in: 'f({ a, ...b })', becomes: ['f({ ...b })', 'f({ a })'] },
  { operator: dropMember, in: 'new PutCommand({ Item })', becomes: [] },

  {
    operator: partialBatch,
    in: 'function f() { return { batchItemFailures } }',
    becomes: [
      'function f() { return { batchItemFailures: [] } }',
      "function f() { if (batchItemFailures.length > 0) throw new Error('Some of them failed') return { batchItemFailures } }",
    ],
  },
  { operator: partialBatch, in: 'function f() { return { failures } }', becomes: [] },

  {
    operator: firstChoice,
    in: 'dialects[name].starts',
    becomes: [
      'firstOf(dialects).starts const firstOf = <T extends object>(all: T) => Object.values(all)[0]! as T[keyof T]',
    ],
  },
  { operator: firstChoice, in: "a['b']; a.b", becomes: [] },

  { operator: constantId, in: '() => f({ connectionId })', becomes: ["() => f({ connectionId: 'one' })"] },
  {
    operator: constantId,
    in: '() => f({ id: randomUUID() })',
    becomes: ["() => f({ id: 'one' })", "() => f({ id: 'one' })"],
  },
  { operator: constantId, in: '() => f({ text })', becomes: [] },

  {
    operator: otherId,
    in: 'event => { const { connectionId } = event.requestContext; f(person.connectionId) }',
    becomes: [
      'event => { const { requestId: connectionId } = event.requestContext; f(person.connectionId) }',
      'event => { const { connectionId } = event.requestContext; f(event.requestContext.connectionId) }',
    ],
  },
  { operator: otherId, in: "f(claims['cognito:username'])", becomes: ['f(claims.sub)'] },
  { operator: otherId, in: 'f(person.connectionId)', becomes: [] },

  {
    operator: otherUnit,
    in: 'f(Math.floor(a / 1000))',
    becomes: ['f(Math.floor(a))', 'f(String(a / 1000))'],
  },
  { operator: otherUnit, in: 'f(a / 60)', becomes: [] },

  { operator: otherNumber, in: 'const A = 3 * 60', becomes: ['const A = 18000', 'const A = 2'] },
  { operator: otherNumber, in: 'f(40)', becomes: ['f(4000)', 'f(1)'] },
  { operator: otherNumber, in: '() => { const a = 3; f(0); process.argv.slice(2) }', becomes: [] },

  {
    operator: otherEffect,
    in: "f(a ? 'Allow' : 'Deny')",
    becomes: ["f(a ? 'Deny' : 'Deny')", "f(a ? 'Allow' : 'Allow')"],
  },
  { operator: otherEffect, in: "f('Perhaps')", becomes: [] },

  {
    operator: otherResource,
    in: "f({ Action: 'execute-api:Invoke', Effect: a, Resource: b })",
    becomes: [
      "f({ Action: 'execute-api:Invoke', Effect: a, Resource: '*' })",
      "f({ Action: 'execute-api:Invoke', Effect: a, Resource: b.split('/')[0]! })",
      "f({ Action: 'execute-api:Invoke', Effect: a, Resource: b.split('/')[0] + '/*' })",
      "f({ Action: 'execute-api:Invoke', Effect: a, Resource: b.replace('$connect', '$default') })",
      "f({ Action: '*', Effect: a, Resource: b })",
      "f({ Action: 'execute-api:ManageConnections', Effect: a, Resource: b })",
    ],
  },
  { operator: otherResource, in: 'f({ Resource: a })', becomes: [] },

  {
    operator: verifyLess,
    in: "Verifier.create({ tokenUse: 'id' })",
    becomes: ['Verifier.create({ tokenUse: null })', "Verifier.create({ tokenUse: 'access' })"],
  },
  {
    operator: verifyLess,
    in: 'async () => f(await verifier.verify(token))',
    becomes: ["async () => f(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))"],
  },
  { operator: verifyLess, in: 'f({ clientId: a })', becomes: [] },
]
