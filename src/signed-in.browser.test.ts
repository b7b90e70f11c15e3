import { fileURLToPath } from 'node:url'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Deployment } from '#kit'
import { lab3 } from '../labs/lab3-authentication/lab.ts'
import { startGuardian } from './cloud/guardian.ts'
import { openScene } from './probe/scene.ts'
import { assemble } from './run/assemble.ts'
import { findSource } from './run/source.ts'
import { workspace } from './run/workspace.ts'
import { fromPage, type OpenPage, openPage } from './selfproof/page.ts'
import type { Watched } from './selfproof/watch.ts'
import { type LocalTarget, localTarget } from './targets/local.ts'

declare const kit: typeof import('./selfproof/page-kit.ts')
declare const cognitoKit: typeof import('./selfproof/sign-in.ts')

const PASSWORD = 'Correct-horse-7'
const guardian = startGuardian()
let target: LocalTarget
let deployment: Deployment
let cognito: CognitoIdentityProviderClient
let tab: OpenPage

/** The solution of lab 3, with one user, ana. */
beforeAll(async () => {
  target = await localTarget(guardian)
  const folder = workspace(guardian, lab3.id)
  const source = await findSource(lab3, { kind: 'solution' }, folder)
  const { assembly } = await assemble(source, lab3, folder, guardian)
  deployment = await target.deploy(assembly)
  cognito = new CognitoIdentityProviderClient(deployment.aws)
  const user = { UserPoolId: output('UserPoolId'), Username: 'ana' }
  await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }))
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
  tab = await openPage()
  await tab.page.addScriptTag({ content: await signInKit() })
})

afterAll(async () => {
  await tab?.close()
  cognito?.destroy()
  await target?.stop()
  await guardian.stop()
})

/** The library by which pages sign in, bundled as a page's own bundler would. */
async function signInKit(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./selfproof/sign-in.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    globalName: 'cognitoKit',
    platform: 'browser',
    // One of its packages means Node's name for it.
    define: { global: 'globalThis' },
    write: false,
  })
  return outputFiles[0]!.text
}

const output = (name: string): string => deployment.outputs[name]!

/** Ana signs in by the page. */
const signedIn = (password = PASSWORD): Promise<string> =>
  tab.page.evaluate(([at, password]) => cognitoKit.signIn(at, 'ana', password), [
    {
      UserPoolId: output('UserPoolId'),
      ClientId: output('UserPoolClientId'),
      endpoint: deployment.aws.endpoint!,
    },
    password,
  ] as const)

/** The page opens a socket of the browser's own, with these parameters in its address. */
async function knocks(query: Readonly<Record<string, string>>): Promise<Watched> {
  const address = `${output('Url')}?${new URLSearchParams(query)}`
  return fromPage(await tab.page.evaluateHandle(url => kit.watch(new WebSocket(url)), address))
}

test('F20: a page signs in by SRP, connects with its token in the query, and is heard under its name', async () => {
  const page = await knocks({ token: await signedIn() })
  expect(await page.next()).toEqual({ open: '' })

  await page.send('{"action":"sendMessage","name":"ben","text":"from a page ☂"}')

  expect(await page.next()).toEqual({ message: '{"from":"ana","text":"from a page ☂"}' })
  await page.close()
})

test('a page that brings no token, or not a good one, is told nothing but 1006', async () => {
  const token = await signedIn()
  for (const query of [{}, { token: 'hello' }, { token: `${token.slice(0, -6)}abcdef` }]) {
    const page = await knocks(query)
    expect(await page.next()).toEqual({ error: true })
    expect(await page.next()).toMatchObject({ close: 1006 })
  }
})

test('a wrong password is NotAuthorizedException to a page as well', async () => {
  await expect(signedIn('Wrong-horse-7')).rejects.toThrow(/Incorrect username or password/)
})

test('the unmodified SDK signs in, and gets a new token by the refresh token; either opens the door', async () => {
  const ClientId = output('UserPoolClientId')
  const { AuthenticationResult: first } = await cognito.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD },
    }),
  )
  const { AuthenticationResult: second } = await cognito.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: first!.RefreshToken! },
    }),
  )
  expect(second!.IdToken).not.toBe(first!.IdToken)

  const { scene, close } = openScene(deployment)
  for (const { IdToken } of [first!, second!]) await scene.connect('ana', { query: { token: IdToken! } })
  await close()
})

test('F22: a connection outlives the token with which it was opened, and the token opens no other', async () => {
  const { scene, close } = openScene(deployment)
  const token = await signedIn()
  const ana = await scene.connect('ana', { query: { token } })

  // An hour in steps: after ten idle minutes the connection would end for another reason.
  for (let minutes = 0; minutes < 65; minutes += 5) {
    deployment.advanceClock!(5 * 60_000)
    ana.send({ action: 'sendMessage', text: `after ${minutes}` })
    await ana.hears({ from: 'ana', text: `after ${minutes}` })
  }

  expect(await scene.isRefused('ana again', { query: { token } })).toBe(403)
  await ana.isStillThere()
  await close()
})
