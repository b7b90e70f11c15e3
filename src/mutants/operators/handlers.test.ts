import { expect, test } from 'vitest'
import { type Case, made } from './cases.fixture.ts'
import { dropAwait } from './handlers/awaits.ts'
import { dropCase, dropGuard, dropOperand, negateCondition, shiftBoundary } from './handlers/conditions.ts'
import {
  dropCatch,
  dropCheck,
  settleAll,
  swallowError,
  swallowFailure,
  widenCatch,
} from './handlers/errors.ts'
import { constantId, otherId } from './handlers/ids.ts'
import { allAtOnce, oneAfterTheOther, otherNumber, otherUnit, withoutLimit } from './handlers/loops.ts'
import { cacheInModule } from './handlers/modules.ts'
import { dropInput, dropMember, firstChoice, firstPage, flipBoolean, partialBatch } from './handlers/pages.ts'
import { otherEffect, otherResource, verifyLess } from './handlers/policies.ts'
import { returnEarly } from './handlers/returns.ts'
import { confuseSender, onlyFirst, repeatSend, sayYes, skipCall } from './handlers/sends.ts'
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
import { handlerOperators } from './handlers.ts'

/** Where each operator applies, and where it does not. */
const cases: readonly Case[] = [
  {
    operator: dropAwait,
    in: 'async () => { await f(); return await g() }',
    becomes: ['async () => { f(); return await g() }'],
  },
  {
    operator: dropAwait,
    in: 'async () => { try { return await g() } catch {} }',
    becomes: ['async () => { try { return g() } catch {} }'],
  },
  { operator: dropAwait, in: 'await f()', becomes: [] },

  {
    operator: swallowError,
    in: 'try { f() } catch (error) { if (!(error instanceof Gone)) throw error }',
    becomes: ['try { f() } catch (error) { if (!(error instanceof Gone)) { console.error(error) } }'],
  },
  {
    operator: swallowError,
    in: 'function f() { try { g(); return true } catch (error) { throw error } }',
    becomes: [
      'function f() { try { g(); return true } catch (error) { { console.error(error); return false } } }',
    ],
  },
  { operator: swallowError, in: 'try { f() } catch (error) { throw new Error("other") }', becomes: [] },
  { operator: swallowError, in: 'function f(error) { throw error }', becomes: [] },

  {
    operator: widenCatch,
    in: 'try { f() } catch (error) { if (!(error instanceof Gone)) throw error }',
    becomes: ['try { f() } catch (error) { }'],
  },
  {
    operator: widenCatch,
    in: 'function f() { try { g() } catch (error) { if (error instanceof Gone) return false; throw error } }',
    becomes: ['function f() { try { g() } catch (error) { return false; throw error } }'],
  },
  { operator: widenCatch, in: 'if (error instanceof Gone) f()', becomes: [] },

  { operator: dropCatch, in: 'try { f() } catch (error) { g() }', becomes: ['{ f() }'] },
  { operator: dropCatch, in: 'f().catch(error => g(error))', becomes: ['f()'] },
  { operator: dropCatch, in: 'try { f() } finally { g() }', becomes: [] },

  {
    operator: swallowFailure,
    in: 'async () => { await f() }',
    becomes: ['async () => { try { await f() } catch (failure) { console.error(failure) } }'],
  },
  { operator: swallowFailure, in: 'async () => { try { await f() } catch {} }', becomes: [] },
  { operator: swallowFailure, in: 'f()', becomes: [] },
  { operator: swallowFailure, in: 'async () => { await f() }; async function f() {}', becomes: [] },

  { operator: dropCheck, in: 'if (a) throw new Error("no")', becomes: [''] },
  { operator: dropCheck, in: 'if (a) throw error', becomes: [] },

  {
    operator: settleAll,
    in: 'async () => { await Promise.all(b) }',
    becomes: ['async () => { await Promise.allSettled(b) }'],
  },
  { operator: settleAll, in: 'async () => { const c = await Promise.all(b) }', becomes: [] },

  {
    operator: negateCondition,
    in: 'if (a) f(); b ? c : d',
    becomes: ['if (!(a)) f(); b ? c : d', 'if (a) f(); !(b) ? c : d'],
  },
  { operator: negateCondition, in: 'a && b', becomes: [] },

  { operator: dropOperand, in: 'f(a && b)', becomes: ['f(a)', 'f(b)'] },
  { operator: dropOperand, in: "f(a ?? '')", becomes: [] },

  { operator: shiftBoundary, in: 'f(a > b)', becomes: ['f(a >= b)'] },
  { operator: shiftBoundary, in: 'f(a === b)', becomes: [] },

  { operator: dropGuard, in: 'if (a) f()', becomes: ['', 'f()'] },
  { operator: dropGuard, in: 'function f() { if (a) return; g() }', becomes: ['function f() { g() }'] },
  { operator: dropGuard, in: 'if (a) f(); else g()', becomes: [] },
  { operator: dropGuard, in: 'try { f() } catch (error) { if (a) g() }', becomes: [] },

  {
    operator: dropCase,
    in: "switch (a) { case 'b': f(); break; case 'c': g() }",
    becomes: ["switch (a) { case 'c': g() }", "switch (a) { case 'b': f(); break; }"],
  },

  {
    operator: skipCall,
    in: 'function f() { note(a); return post(b) }',
    becomes: ['function f() { return post(b) }', 'function f() { note(a); return }'],
  },
  { operator: skipCall, in: 'note(a)', becomes: [] },

  {
    operator: repeatSend,
    in: 'async function f() { await management.send(new PostToConnectionCommand({})) }',
    becomes: [
      'async function f() { { await management.send(new PostToConnectionCommand({})); await management.send(new PostToConnectionCommand({})) } }',
    ],
  },
  {
    operator: repeatSend,
    in: 'async function f() { return post(a) }',
    becomes: ['async function f() { { await post(a); return post(a) } }'],
  },
  { operator: repeatSend, in: 'async function f() { await dynamodb.send(new PutCommand({})) }', becomes: [] },
  { operator: repeatSend, in: 'function f() { console.error(a) }', becomes: [] },

  {
    operator: onlyFirst,
    in: 'for (const a of b) f(a); Promise.all(c.map(g))',
    becomes: [
      'for (const a of b) { f(a); break } Promise.all(c.map(g))',
      'for (const a of b) f(a); Promise.all(c.slice(0, 1).map(g))',
    ],
  },
  { operator: onlyFirst, in: 'const names = c.map(g)', becomes: [] },

  {
    operator: confuseSender,
    in: 'event => Promise.all(people.map(tell))',
    becomes: [
      'event => Promise.all(people.filter(one => one.connectionId !== event.requestContext.connectionId).map(tell))',
      'event => Promise.all(people.filter(one => one.connectionId === event.requestContext.connectionId).map(tell))',
    ],
  },
  { operator: confuseSender, in: 'people => Promise.all(people.map(tell))', becomes: [] },

  { operator: sayYes, in: 'f({ statusCode: 400 })', becomes: ['f({ statusCode: 200 })'] },
  { operator: sayYes, in: 'function f() { return false }', becomes: ['function f() { return true }'] },
  { operator: sayYes, in: 'f({ statusCode: 200 })', becomes: [] },

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
    operator: returnEarly,
    in: 'async () => { await f(); await g(); return { statusCode: 200 } }',
    becomes: [
      'async () => { return { statusCode: 200 }; await f(); await g(); return { statusCode: 200 } }',
      'async () => { await f(); return { statusCode: 200 }; await g(); return { statusCode: 200 } }',
    ],
  },
  { operator: returnEarly, in: 'function f() { g() }', becomes: ['function f() { return; g() }'] },
  { operator: returnEarly, in: 'function f() { g(); return h() }', becomes: [] },

  {
    operator: allAtOnce,
    in: 'async () => { for (const a of b) await f(a) }',
    becomes: ['async () => { await Promise.all([...b].map(async (a) => { await f(a) })) }'],
  },
  { operator: allAtOnce, in: 'async () => { for (const a of b) { await f(a); break } }', becomes: [] },
  { operator: allAtOnce, in: 'for (const a of b) f(a)', becomes: [] },

  {
    operator: oneAfterTheOther,
    in: 'async () => { await Promise.all(b.map(a => f(a))) }',
    becomes: ['async () => { for (const one of b) await (a => f(a))(one) }'],
  },
  { operator: oneAfterTheOther, in: 'async () => { await Promise.all([a, b]) }', becomes: [] },

  {
    operator: withoutLimit,
    in: 'async () => { await each(all(), 20, tell) }',
    becomes: ['async () => { await Promise.all((await Array.fromAsync(all())).map(tell)) }'],
  },
  { operator: withoutLimit, in: 'each(all)', becomes: [] },

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

test.each(cases.map(one => ({ ...one, name: one.operator.name })))('$name makes of $in', one => {
  expect(made(one)).toEqual(one.becomes)
})

test('every operator for handlers is tried where it applies and is one by a name of its own', () => {
  const tried = new Set(cases.filter(one => one.becomes.length > 0).map(one => one.operator.name))
  expect(handlerOperators.map(({ name }) => name).filter(name => !tried.has(name))).toEqual([])
  expect(new Set(handlerOperators.map(({ name }) => name)).size).toBe(handlerOperators.length)
})
