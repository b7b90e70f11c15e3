import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { house } from '../run/house.ts'
import { main } from './main.ts'

/** What was written to the two streams. */
const written = { out: '', err: '' }
beforeEach(() => {
  written.out = ''
  written.err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.out += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    written.err += text
    return true
  })
})
afterEach(() => void vi.restoreAllMocks())

test.for([
  [['check'], /Which lab\?/],
  [['check', 'lab11'], /There is no lab lab11\. Did you mean lab1\?/],
  [['check', 'lab1', '--jsno'], /Did you mean --json\?/],
  [['check', 'lab1', '--solution', '--from', 'x'], /two sources/],
  [['check', 'lab1', '--from', 'nowhere'], /There is no folder nowhere/],
  [['check', 'lab1', '--target', 'aws'], /--target aws needs --profile NAME/],
  [['check', 'lab1', '--target', 'aws', '--profile', 'x', '--watch'], /--watch is for the local cloud/],
  [['check', 'lab1', '--profile', 'x'], /--profile goes with --target aws/],
  [['destroy'], /Name a lab, or --all/],
  [['destroy', '--everybody'], /--everybody needs --profile NAME/],
  [['check', 'lab1', '--target', 'gcp'], /There is no target gcp/],
  [['check', 'lab1', 'lab2'], /check cannot use "lab2"\.\nUsage/],
  [
    ['hint', 'lab1', 'whoami-is-tru'],
    /Did you mean whoami-is-true\?\nThere are:\n {2}\S+: A client can connect/,
  ],
  [['grade', 'lab1'], /Which folder\?/],
  [['grade', 'lab1', 'nowhere'], /There is no folder nowhere/],
  [['grade', 'lab1', 'src', '--json', '--csv'], /--json and --csv cannot share/],
  [['grade', 'lab1', 'src', '--jobs', '0'], /--jobs needs a number/],
  [['grade', 'lab1', 'starter/lab1-missing-route'], /is one hand-in/],
  [['labs', 'lab1'], /labs cannot use "lab1"/],
  [['chekc'], /There is no command chekc\. Did you mean check\?/],
  [['up', 'lab1', '--assembly', 'cdk.out'], /a lab or --assembly/],
  [['up', 'lab1', '--port', 'http'], /--port takes a number/],
  [['up', 'lab1', '--region', 'eu-west-1'], /for an empty cloud/],
  [['up', '--account', '12'], /--account takes twelve digits/],
] as const)('%j is wrong usage: exit code 3, words on stderr, nothing on stdout', async ([args, words]) => {
  const code = await main(args)
  expect(written.err).toMatch(words)
  expect(written.err).not.toMatch(/\n\s+at /)
  expect({ code, out: written.out }).toEqual({ code: 3, out: '' })
})

test('every slip in check that has a script of its own is told what was meant', async () => {
  const scripts: Record<string, string> = JSON.parse(
    readFileSync(join(house, 'package.json'), 'utf8'),
  ).scripts
  const slips = Object.keys(scripts).filter(name => [...name].sort().join('') === 'ccehk')
  expect(slips).toContain('chekc')
  for (const slip of [...slips.filter(name => name !== 'check'), 'chek']) {
    expect(scripts[slip]).toBe(`node src/start.mjs ${slip}`)
    written.err = ''
    expect(await main([slip])).toBe(3)
    expect(written.err).toMatch(/Did you mean check\?/)
  }
})

test('--help says how a command is called', async () => {
  const code = await main(['check', '--help'])
  expect(written.out).toMatch(/^Usage: npm run check -- <lab>\|all/)
  expect(code).toBe(0)
})
