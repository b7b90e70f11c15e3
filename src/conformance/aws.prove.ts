import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud/cloud.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { layRuntime } from '../cloud/lambda/runtime-files.ts'
import { HANG } from '../machine/bounds.ts'
import { house } from '../run/house.ts'

// Nobody here has an AWS account. So the rows are tried in the local cloud as if it were one: over the wire, through
// CloudFormation, at AWS's own names, in a process that knows nothing of it but an endpoint and where those names lead.

const root = mkdtempSync(join(tmpdir(), 'wslab-house-aws-'))
const guardian = startGuardian()
let cloud: Cloud
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  cloud = await startCloud({ guardian })
  const { accessKeyId, secretAccessKey } = cloud.credentials
  mkdirSync(join(root, '.aws'))
  writeFileSync(
    join(root, '.aws', 'credentials'),
    `[mine]\nregion = ${cloud.account.region}\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  const redirect = await layRuntime(join(root, 'runtime'))
  const port = Number(new URL(cloud.endpoint).port)
  redirect.pointTo({ port, authority: await authorityAt(port) })
  env = {
    PATH: process.env.PATH,
    HOME: root,
    TMPDIR: root,
    AWS_ENDPOINT_URL: cloud.endpoint,
    NODE_OPTIONS: `--require ${redirect.preload}`,
    NO_COLOR: '1',
  }
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

/** The door's certificate, as anybody who knocks is shown it. */
async function authorityAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  return `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`
}

async function conformance(...args: string[]) {
  const child = spawn(process.execPath, [join(house, 'src', 'start.mjs'), 'conformance', ...args], {
    cwd: house,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: HANG,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', data => {
    stdout += data
  })
  child.stderr.on('data', data => {
    stderr += data
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

test('rows are tried in an account, by its own names, and nothing stays behind', async () => {
  const rows = [
    'A1',
    'A10',
    'A22',
    'A45',
    'B7',
    'B15',
    'C3',
    'D1',
    'D6',
    'E5',
    'E11',
    'F9',
    'H1',
    'J1',
    'I5',
    'I9',
  ]
  const elsewhere = ['A36', 'A48', 'H17']
  const args = ['--target', 'aws', '--profile', 'mine', '--yes', '--json']
  const { code, stdout, stderr } = await conformance(...rows, ...elsewhere, ...args)
  expect(stderr).toMatch(/^Account 123456789012, us-east-1, as arn:aws:iam::123456789012:user\/learner\./)
  const found = JSON.parse(stdout)
  const status = Object.fromEntries(found.rows.map((row: any) => [row.id, row.status]))
  expect(status).toEqual({
    ...Object.fromEntries(rows.map(id => [id, 'held'])),
    ...Object.fromEntries(elsewhere.map(id => [id, 'not checked'])),
  })
  expect(code).toBe(0)
  expect(cloud.stacks.list()).toEqual([])
})

test('no profile is used unasked, and nothing is deployed without a yes', async () => {
  const unnamed = await conformance('A1', '--target', 'aws')
  expect(unnamed).toMatchObject({ code: 3, stderr: expect.stringContaining('--profile NAME') })
  const unknown = await conformance('A1', '--target', 'aws', '--profile', 'yours')
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no profile "yours"') })
  const silent = await conformance('A1', '--target', 'aws', '--profile', 'mine')
  expect(silent).toMatchObject({ code: 3, stderr: expect.stringContaining('Add --yes to go on.') })
})
