import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context, Criterion, Finding, Scene } from '#kit'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { type LocalTarget, localTarget } from '../targets/local.ts'
import type { Assembler } from './assemble.ts'
import { check } from './check.ts'
import { house } from './house.ts'
import { sharedAssembler } from './shared-assembler.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
const shared = sharedAssembler(lab1, [], guardian)
/** The contexts that were synthesized, in order. */
const synthesized: (Context | undefined)[] = []
const warm: Assembler = {
  typecheck: async () => {},
  synth(source, as, folder) {
    synthesized.push(as.context)
    return shared.synth(source, as, folder)
  },
}
let target: LocalTarget
beforeAll(async () => {
  target = await localTarget(guardian)
})
afterAll(async () => {
  shared.stop()
  await target.stop()
  await guardian.stop()
})

/** Lab 1 solved, with a route more for each action that the context names, and an output that tells what it names. */
const solution = readFileSync(join(house, 'solutions', lab1.id, 'stack.ts'), 'utf8')
const withMore = solution.replace(
  'const live = new',
  `const more: string = this.node.tryGetContext('more') ?? ''
    if (more === 'throws') throw new Error('No such release.')
    for (const action of more ? more.split('+') : []) api.addRoute(action, { integration })
    new CfnOutput(this, 'More', { value: more || 'nothing more' })
    const live = new`,
)

/** What comes of a probe on that stack. */
async function probed(probe: (scene: Scene) => Promise<void>): Promise<Finding> {
  const criterion: Criterion = { id: 'released', says: 'It is released', hint: 'docs/routes.md', probe }
  const directory = join(workspace(guardian, 'hand-in'), 'given')
  mkdirSync(dirname(join(directory, 'stack.ts')), { recursive: true })
  writeFileSync(join(directory, 'stack.ts'), withMore)
  synthesized.length = 0
  const lab = { ...lab1, criteria: [criterion] }
  const course = check(lab, { kind: 'from', directory, given: 'given' }, target, guardian, warm)
  for (;;) {
    const { done, value } = await course.next()
    if (done) return value.criteria[0]!
  }
}

const routesOf = (scene: Scene) => scene.resources('AWS::ApiGatewayV2::Route').length

test('a release is the same code with another context, and connections outlive it', async () => {
  const finding = await probed(async scene => {
    const before = routesOf(scene)
    const ana = await scene.connect('ana')
    await scene.release({ more: 'one+two' })
    expect(scene.output('More')).toBe('one+two')
    expect(routesOf(scene)).toBe(before + 2)
    await ana.isStillThere()
    ana.send({ action: 'message', text: 'still' })
    await ana.hears({ text: 'still' })
    await scene.release({})
    expect(scene.output('More')).toBe('nothing more')
    expect(routesOf(scene)).toBe(before)
    await scene.release({ more: 'one+two' })
    expect(routesOf(scene)).toBe(before + 2)
  })
  expect(finding).toMatchObject({ verdict: 'pass' })
  // What was synthesized once is deployed again as it was.
  expect(synthesized).toEqual([undefined, { more: 'one+two' }])
})

test('a release that is up already is not deployed again', async () => {
  const finding = await probed(async scene => {
    await scene.release({})
    await scene.release({ more: 'one' })
    const told = target.cloud.events.history().length
    await scene.release({ more: 'one' })
    expect(target.cloud.events.history().length).toBe(told)
  })
  expect(finding).toMatchObject({ verdict: 'pass' })
})

test('a release that cannot be synthesized, or deployed, is a promise broken, and says where', async () => {
  const line = withMore.split('\n').findIndex(text => text.includes('No such release')) + 1
  expect(await probed(scene => scene.release({ more: 'throws' }))).toMatchObject({
    verdict: 'fail',
    did: 'the stack was deployed with -c more=throws',
    expected: 'the stack to be synthesized again, with -c more=throws',
    observed: 'No such release.',
    where: `given/stack.ts:${line}`,
  })
  const finding = await probed(async scene => {
    await scene.release({ more: '$default2' })
  })
  expect(finding).toMatchObject({ verdict: 'fail', observed: expect.stringMatching(/\$default2/) })
})

test('after a release that failed, the first one can be asked for', async () => {
  const finding = await probed(async scene => {
    await scene.release({ more: 'one' })
    await scene.release({ more: '$default2' }).catch(() => {})
    expect(scene.output('More')).toBe('one')
    await scene.release({})
    expect(scene.output('More')).toBe('nothing more')
  })
  expect(finding).toMatchObject({ verdict: 'pass' })
})
