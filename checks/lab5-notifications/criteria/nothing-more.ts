import type { Criterion, Scene } from '#kit'
import type { Permit } from '../../budget/budget.ts'
import { staysWithin } from '../../budget/overreach.ts'
import { rows, whatEveryFunctionMay } from '../../budget/purposes.ts'
import { rolesOf } from '../../budget/roles.ts'
import { type Api, type Apis, apisOf } from '../apis.ts'
import { dev, prod } from '../people.ts'

/** What the functions' roles may do, all together, and what the backends' roles may do. None may read the list as a whole. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'And nothing more: no function may do more than it needs, nor read the list as a whole',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  // Which permission is needed depends on how a function answers: while one hangs up, nobody can tell.
  after: ['bad-envelopes-are-answered'],
  async probe(scene) {
    const apis = await apisOf(scene)
    const backends = { dev: scene.output(dev.backendRole), prod: scene.output(prod.backendRole) }
    const budget = [
      rows(scene).map(withoutScan),
      await connections(scene, apis),
      (['dev', 'prod'] as const).map(stage => comeIn(scene, apis[stage], backends[stage])),
      whatEveryFunctionMay(scene),
    ].flat()
    await staysWithin(scene, budget, { forPeople: Object.values(backends) })
  },
  diagnoses: [
    {
      when: /is allowed .*dynamodb:Scan/,
      means:
        'A scan reads the rows of all merchants to find those of one. A query by merchant and ref needs no permission to read the others.',
      hint: 'docs/notifications.md#query-and-do-not-scan',
    },
  ],
}

const withoutScan = (permit: Permit): Permit => ({
  ...permit,
  actions: permit.actions.filter(action => action !== 'dynamodb:Scan'),
})

const arnsOf = ({ region, accountId }: Scene, apis: readonly Api[]): string[] =>
  apis.map(({ id }) => `arn:aws:execute-api:${region}:${accountId}:${id}/*`)

/**
 * Posting to frontends is for those who publish. Where a door's routes return their answers, the functions behind it need not post
 * there, and nobody else posts to backends.
 */
async function connections(scene: Scene, { all }: Apis): Promise<Permit[]> {
  const to = 'post to the connections of its own APIs'
  const actions = ['execute-api:ManageConnections']
  const guarded = all.filter(({ isOpen }) => !isOpen)
  const publishers = new Set(guarded.flatMap(({ roles }) => roles))
  const functions = await rolesOf(scene)
  return all.flatMap(api => {
    const on = arnsOf(scene, [api])
    if (!api.isOpen) return api.answers ? [] : [{ to, actions, on }]
    const mayNot = api.answers ? api.roles.filter(role => !publishers.has(role)) : []
    return functions
      .filter(({ arn }) => !mayNot.includes(arn))
      .map(({ arn }) => ({ to, actions: ['execute-api:*'], on, of: arn }))
  })
}

/** Coming in by the backends' door is for the role of that stage's backends. */
const comeIn = (scene: Scene, apis: readonly Api[], role: string): Permit => ({
  to: "come in by the backends' door",
  actions: ['execute-api:Invoke'],
  on: arnsOf(scene, apis),
  of: role,
})
