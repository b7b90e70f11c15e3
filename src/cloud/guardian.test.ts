import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { HANG } from '../machine/bounds.ts'
import { startGuardian } from './guardian.ts'

const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** A real parent: it makes a folder with a file in it, starts a child that loops for ever, says so, and goes on. */
async function startParent(whatNext: string) {
  const source = `
    import { spawn } from 'node:child_process'
    import { writeFileSync } from 'node:fs'
    import { startGuardian } from ${JSON.stringify(new URL('./guardian.ts', import.meta.url).href)}
    const guardian = startGuardian()
    const folder = guardian.temporaryFolder('wslab-guardian-')
    writeFileSync(folder + '/file', 'x')
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore', detached: true })
    guardian.watchProcess(child.pid)
    console.log(JSON.stringify({ folder, pid: child.pid }))
    ${whatNext}`
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(parent)
  const ended = new Promise(resolve => parent.once('exit', resolve))
  for await (const line of createInterface(parent.stdout)) {
    return { parent, ended, ...(JSON.parse(line) as { folder: string; pid: number }) }
  }
  throw new Error('the parent said nothing')
}

test('a killed parent leaves neither a looping child nor a folder', async () => {
  const { parent, ended, folder, pid } = await startParent('setInterval(() => {}, 1000)')
  expect(isAlive(pid)).toBe(true)
  expect(existsSync(join(folder, 'file'))).toBe(true)
  parent.kill('SIGKILL')
  await ended
  await until(() => !isAlive(pid) && !existsSync(folder))
})

test('a parent that throws leaves nothing either', async () => {
  const { ended, folder, pid } = await startParent(
    'child.unref(); process.on("uncaughtException", () => process.exit(7)); throw new Error("x")',
  )
  expect(await ended).toBe(7)
  await until(() => !isAlive(pid) && !existsSync(folder))
})

test('the guardian keeps no process alive that has nothing else to do', async () => {
  const { ended, folder, pid } = await startParent('child.unref()')
  expect(await ended).toBe(0)
  await until(() => !isAlive(pid) && !existsSync(folder))
})

test('stopping kills and removes what is still listed, and only that', async () => {
  const guardian = startGuardian()
  const listed = startLoop()
  const unlisted = startLoop()
  guardian.watchProcess(listed.pid!)
  guardian.watchProcess(unlisted.pid!)()
  const folder = guardian.temporaryFolder('wslab-guardian-')
  writeFileSync(join(folder, 'file'), 'x')
  await guardian.stop()
  await until(() => !isAlive(listed.pid!))
  expect(existsSync(folder)).toBe(false)
  expect(isAlive(unlisted.pid!)).toBe(true)
})

test('a removed folder is gone at once, and a foreign one is not touched', async () => {
  const guardian = startGuardian()
  const folder = guardian.temporaryFolder('wslab-guardian-')
  guardian.removeFolder(folder)
  expect(existsSync(folder)).toBe(false)
  guardian.removeFolder(import.meta.dirname)
  expect(readdirSync(import.meta.dirname)).toContain('guardian.ts')
  await guardian.stop()
})

test('the grandchildren of a child that leads its group go with it', async () => {
  const guardian = startGuardian()
  const child = spawn(
    process.execPath,
    [
      '-e',
      `const { spawn } = require('child_process')
       console.log(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }).pid)
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  )
  started.push(child)
  guardian.watchProcess(child.pid!)
  let grandchild = 0
  for await (const line of createInterface(child.stdout)) {
    grandchild = Number(line)
    break
  }
  expect(isAlive(grandchild)).toBe(true)
  await guardian.stop()
  await until(() => !isAlive(grandchild))
})

function startLoop() {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  started.push(child)
  return child
}

function isAlive(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(holds: () => boolean) {
  const end = Date.now() + HANG
  while (!holds()) {
    if (Date.now() > end) throw new Error(`still not so: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
