import type { Case } from './cases.fixture.ts'
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
import { allAtOnce, oneAfterTheOther, withoutLimit } from './handlers/loops.ts'
import { returnEarly } from './handlers/returns.ts'
import { confuseSender, onlyFirst, repeatSend, sayYes, skipCall } from './handlers/sends.ts'

/** What is done, when and how often: where each operator applies, and where it does not. */
export const flow: readonly Case[] = [
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
]
