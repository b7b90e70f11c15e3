import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labs } from '../labs/index.ts'
import { HANG } from './machine/bounds.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

const require = createRequire(import.meta.url)
const run = promisify(execFile)

let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

test.for(labs.flatMap(lab => ['starter', 'solutions'].map(room => join(room, lab.id))))(
  '%s is a plain CDK app: cdk synth works in it',
  async folder => {
    const cdk = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk')
    const { stdout } = await run(process.execPath, [cdk, 'synth', '--json'], {
      cwd: join(house.directory, folder),
      env: {
        ...process.env,
        TMPDIR: join(house.directory, 'tmp'),
        HOME: house.directory,
        // CDK looks over each resource once more: three seconds of a core, well spent on what people are to take for an example.
        ...(folder.startsWith('starter') && { CDK_VALIDATION: 'false' }),
      },
      maxBuffer: 64 * 1024 * 1024,
      timeout: HANG,
    })
    const types = Object.values<{ Type: string }>(JSON.parse(stdout).Resources).map(resource => resource.Type)
    expect(types).toContain('AWS::ApiGatewayV2::Api')
  },
)
