import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { up } from '../commands/up.ts'
import { understand } from '../commands/usage.ts'
import { house } from '../run/house.ts'
import { readSeed } from '../state/seed.ts'
import { chatStack } from './chat.fixture.ts'
import type { LocalCloud } from './entry.cjs'
import { localCloud } from './local-cloud.ts'

const folder = mkdtempSync(join(tmpdir(), 'wslab-page-'))
const assembly = join(folder, 'cdk.out')
const seed = join(folder, 'seed.yaml')
const read = (page: string) => readFileSync(join(house, page), 'utf8')
const pages = ['docs/testing.md', 'docs/state.md'] as const
const [testing, state] = pages
const BEGIN = '<!-- From here on written by UPDATE=1 npx vitest run src/testing/page.test.ts -->'
const END = '<!-- Up to here -->'

let cloud: LocalCloud
beforeAll(async () => {
  writeFileSync(seed, blockAfter(state, 'seed.yaml'))
  ;(chatStack(assembly).node.root as any).synth()
  cloud = await localCloud({ assembly, seed })
})
afterAll(async () => {
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const blockAfter = (page: string, name: string): string =>
  new RegExp(`<!-- ${name.replaceAll('.', '\\.')} -->\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(
    read(page),
  )?.[1] ?? ''

/** Holds if the page has this text between its marks. With UPDATE, it is written there. */
function isOnThePage(page: string, text: string): void {
  const [before = '', rest = ''] = read(page).split(BEGIN)
  const [old, after = ''] = rest.split(END)
  const now = `\n\n\`\`\`text\n${text.replaceAll('\t', '  ')}\n\`\`\`\n\n`
  if (process.env.UPDATE) writeFileSync(join(house, page), `${before}${BEGIN}${now}${END}${after}`)
  else expect(old).toBe(now)
}

test('the tests on the page are those of the example', () => {
  const names = [...read(testing).matchAll(/<!-- (examples\/\S+) -->/g)].map(([, name = '']) => name)
  expect(names).toHaveLength(3)
  for (const name of names) {
    const text = read(`docs/${name}`)
    if (!process.env.UPDATE) expect(blockAfter(testing, name), name).toBe(text)
    const block = new RegExp(`(<!-- ${name.replaceAll('.', '\\.')} -->\\n\\n\`\`\`\\w+\\n)[\\s\\S]*?\`\`\``)
    if (process.env.UPDATE) {
      writeFileSync(
        join(house, testing),
        read(testing).replace(block, (_, head) => `${head}${text}\`\`\``),
      )
    }
  }
})

test('a failure says what is on the page', async () => {
  const ana = await cloud.connect('live', { name: 'ana', query: { name: 'ana' } })
  ana.send({ action: 'fail' })
  const { message } = await ana.hears({ said: 'hello' }).catch((error: unknown) => error as Error)
  isOnThePage(testing, withoutChance(message))
})

/** Ids, times and paths that are others in each run. */
const withoutChance = (text: string): string =>
  text
    .split('\n')
    .filter(line => !/\| (INIT_START|START|END|REPORT|INIT_REPORT) |^\s+at |Duration:/.test(line))
    .join('\n')
    .replace(/\d\d:\d\d:\d\d\.\d{3}/g, '12:00:00.000')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-12-01T12:00:00.000Z')
    .replace(/[\w-]{8}-[\w-]{4}-[\w-]{4}-[\w-]{4}-[\w-]{12}/g, '8d5c0b0e-5b1f-4b0e-9d5e-0c6d1f6d2b7a')
    .replace(/Chat-Handler\w+-\w+/g, 'Chat-Handler886CB40B-4xQm2LrT9cPz')
    .replace(/\b[\w-]{15}=/g, 'PhcX4fzkIAMCJNg=')
    .replace(/\b\d+(\.\d+)? m?s\b/g, '20 ms')
    .replace(/"stack":\[.*?\]/g, '"stack":[…]')

test('the seed on the page goes into the cloud, and is seen by the app', async () => {
  const { TableName, ClientId } = cloud.outputs
  const { Items = [] } = await cloud.aws(DynamoDBClient).send(new ScanCommand({ TableName }))
  const rows = Items.filter(({ id }) => id?.S?.startsWith('row'))
  expect(rows).toHaveLength(2)
  expect(rows).toContainEqual({ id: { S: 'row-2' }, seats: { N: '3' } })
  const { Parameter } = await cloud
    .aws(SSMClient)
    .send(new GetParameterCommand({ Name: '/chat/secret', WithDecryption: true }))
  expect(Parameter).toMatchObject({ Value: 'hidden', Type: 'SecureString' })
  const { AuthenticationResult } = await cloud.aws(CognitoIdentityProviderClient).send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
    }),
  )
  expect(AuthenticationResult?.AccessToken).toBeTypeOf('string')
})

test('a wrong seed is refused in the words on the page', async () => {
  const said: string[] = []
  const page = blockAfter(state, 'seed.yaml')
  for (const [right, wrong] of [
    ['Connections:', 'Conections:'],
    ['Passw0rd!', 'short'],
    ['users:', 'users: ['],
  ] as const) {
    writeFileSync(seed, page.replace(right, wrong))
    const error = await localCloud({ assembly, seed }).catch((caught: unknown) => caught as Error)
    said.push((error as Error).message.replaceAll(`${folder}/`, ''))
  }
  isOnThePage(state, said.join('\n\n'))
})

test('every command on the pages is understood, and every member of the cloud is on its page', () => {
  for (const page of pages) {
    for (const [, words = ''] of read(page).matchAll(/^(?:npm run up --|npx wslab up) (.+)$/gm)) {
      expect(understand('up', up, words.split(' ')).flags).toHaveProperty('assembly')
    }
  }
  const { version } = JSON.parse(read('package.json'))
  expect(read(testing)).toContain(`./websocket-labs-${version}.tgz`)
  const declared = read('src/testing/entry.d.cts')
  for (const name of ['LocalCloudOptions', 'LocalCloud', 'Client', 'ConnectOptions', 'CloudEvents']) {
    const [, body = ''] = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(declared) ?? []
    for (const [, member = ''] of body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:<]/gm)) {
      expect(read(testing), `${name}.${member}`).toMatch(new RegExp(`\`[^\`\\n]*\\b${member}\\b`))
    }
  }
  expect(readSeed(seedOnPage()).rows).toHaveLength(2)
})

function seedOnPage(): string {
  const path = join(folder, 'again.yaml')
  writeFileSync(path, blockAfter(state, 'seed.yaml'))
  return path
}
