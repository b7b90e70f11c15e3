import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Verdict } from '#kit'
import { secondHouse } from './selfproof/second-house.ts'

/** Says what it finds by refusing to be synthesized: its own variables, and whether the checker's inspector opens. */
const PRYING = `
import { spawnSync } from 'node:child_process'
process.kill(process.ppid, 'SIGUSR1')
const connects = "const s = require('net').connect(9229, '127.0.0.1').on('connect', () => process.exit(7)).on('error', () => process.exit(0))"
// A second knock shows that the first has been answered: signals are delivered in order.
process.kill(process.ppid, 'SIGUSR1')
const until = Date.now() + 1500
let opened = false
while (!opened && Date.now() < until) opened = spawnSync(process.execPath, ['-e', connects]).status === 7
throw new Error('\\u001b[2J' + JSON.stringify({ opened, variables: Object.keys(process.env) }))
`

test.skipIf(process.platform === 'win32')(
  'a stack sees no secret variable, opens no inspector, and sends nothing to the terminal but text',
  async () => {
    const house = secondHouse({
      env: { ...process.env, AWS_SECRET_ACCESS_KEY: 'x', GITHUB_TOKEN: 'x', PRIVATE: 'x' },
    })
    onTestFinished(() => house.remove())
    mkdirSync(join(house.directory, 'prying'))
    const solved = readFileSync(join(house.directory, 'solutions', 'lab1-missing-route', 'stack.ts'), 'utf8')
    writeFileSync(join(house.directory, 'prying', 'stack.ts'), `${solved}${PRYING}`)

    const { stdout } = await house.run('check', 'lab1', '--from', 'prying', '--json')
    const verdict: Verdict = JSON.parse(stdout)
    const { observed = '' } = verdict.criteria.find(one => one.id === 'synthesizes') ?? {}
    const { opened, variables } = JSON.parse(observed.slice(observed.indexOf('{')))
    expect(opened).toBe(false)
    expect(variables).toContain('PATH')
    const secret = /^AWS_(?!SDK_JS_NODE_VERSION)|^GITHUB_|^PRIVATE$/
    expect((variables as string[]).filter(name => secret.test(name))).toEqual([])

    const shown = await house.run('check', 'lab1', '--from', 'prying')
    expect(shown.stdout).toContain('␛[2J')
    expect(shown.stdout).not.toContain('\u001b')
  },
)
