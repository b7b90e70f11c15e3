import { afterAll, beforeAll, expect, test } from 'vitest'
import { attacks } from './selfproof/hostile-sockets/attacks.ts'
import { type Siege, startSiege } from './selfproof/hostile-sockets/siege.ts'
import { complaints } from './selfproof/hostile-sockets/verdict.ts'

let siege: Siege
beforeAll(async () => {
  siege = await startSiege()
})
afterAll(() => siege?.stop())

test.each(attacks.map(attack => [attack.name, attack] as const))(
  'the cloud stands %s, and its other clients do not notice',
  async (_, attack) => {
    const outcome = await siege.lay(attack, attack.sizes.reduced)

    expect(complaints(outcome)).toEqual([])
  },
)
