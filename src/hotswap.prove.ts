import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { type Guardian, startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { wscat } from './selfproof/wscat.ts'

const program = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk')

let guardian: Guardian
let cloud: Cloud
let house: SecondHouse
let app: string
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian, onFault: fault => console.error(fault) })
  house = secondHouse()
  app = join(house.directory, 'solutions', 'lab1-missing-route')
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  await house.remove()
})

/** The CDK CLI, with the lines that `up` prints. Answers with what it said. */
async function cdk(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [program, ...args, '--no-notices', '--ci'],
    {
      cwd: app,
      env: {
        PATH: process.env.PATH,
        HOME: house.directory,
        TMPDIR: join(house.directory, 'tmp'),
        AWS_ENDPOINT_URL: cloud.endpoint,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CDK_VALIDATION: 'false',
      },
      timeout: HANG,
    },
  )
  return stdout + stderr
}
const deploy = (...args: string[]) => cdk('deploy', '--require-approval', 'never', ...args)
const ask = (until: RegExp) => wscat(cloud.sockets()[0] ?? '', '{"action":"message","text":"hello"}', until)
const updates = () =>
  cloud.events.history().filter(event => event.kind === 'resource' && event.status.startsWith('UPDATE_'))
    .length

test('cdk deploy --hotswap changes a function, and no stack', async () => {
  await cdk('bootstrap', 'aws://123456789012/us-east-1')
  await deploy()
  expect(await ask(/hello/)).toContain('"text":"hello"')

  const handler = join(app, 'handlers', 'answer.ts')
  const text = readFileSync(handler, 'utf8').replace('JSON.parse(event.body!).text }', "'hotswapped' }")
  writeFileSync(handler, text)
  const said = await deploy('--hotswap')
  expect(said).toMatch(/hotswapped!/)
  expect(await ask(/hotswapped/)).toContain('"text":"hotswapped"')
  expect(updates()).toBe(0)
})
