import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { startGuardian } from './cloud/guardian.ts'
import { house } from './run/house.ts'
import { whatItRuns } from './selfproof/what-it-runs.ts'

const page = join(house, 'docs', 'local-cloud-reference.md')
const begin = '<!-- From here on written by UPDATE=1 npx vitest run src/local-cloud-page.test.ts -->'
const end = '<!-- Up to here -->'

const guardian = startGuardian()
let cloud: Cloud
beforeAll(async () => {
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
})

test('the page says of the local cloud what the local cloud says of itself', () => {
  const text = readFileSync(page, 'utf8')
  const [before = '', written = ''] = text.split(begin)
  const [old = '', after = ''] = written.split(end)
  expect(text).toBe(`${before}${begin}${old}${end}${after}`)
  const now = `\n\n${whatItRuns(cloud)}\n\n`
  if (process.env.UPDATE) writeFileSync(page, `${before}${begin}${now}${end}${after}`)
  else expect(old).toBe(now)
})

test('no resource type and no operation is there twice', () => {
  const types = cloud.types.map(({ type }) => type)
  expect(types.filter((type, place) => types.indexOf(type) !== place)).toEqual([])
  for (const { signingName, operations } of cloud.services) {
    const names = operations.map(({ name, route = '' }) => `${name} ${route}`)
    const again = names.filter((name, place) => names.indexOf(name) !== place)
    expect(again, signingName).toEqual([])
  }
})
