import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { expect, test } from 'vitest'
import { labs } from '../labs/index.ts'
import { fileOf, fixesOf } from './fixes/fixes.ts'
import { treeOf } from './fixes/lay-out.ts'
import { house } from './run/house.ts'

/** Every room of the house, and what it may import from: rooms below it, or single files of them. */
const floors: Readonly<Record<string, readonly string[]>> = {
  starter: [],
  solutions: [],
  // What the machine is up to: below everything that waits.
  'src/machine': [],
  // What AWS publishes about itself.
  'src/actions': [],
  'src/cloud': ['src/machine', 'src/actions'],
  'src/probe': ['src/machine'],
  'src/kit': ['src/probe', 'src/machine', 'src/actions'],
  checks: ['src/kit/index.ts', '#kit'],
  labs: ['#kit', 'checks'],
  'src/targets': ['#kit', 'src/cloud'],
  // What a cloud begins with, and what is kept of it: files in, files out.
  'src/state': ['src/cloud', 'src/report/nearest.ts'],
  // A child process that must not outlive us is the same trouble everywhere; the cloud itself stays out of sight.
  'src/run': ['#kit', 'src/probe', 'src/machine', 'src/cloud/guardian.ts'],
  // A fix is kept as a difference, and is laid out to be checked like a hand-in.
  'src/fixes': ['#kit', 'src/run'],
  // Facts are tried from outside: whoever runs them says where. Of the cloud nothing is in sight.
  'src/conformance': ['#kit', 'src/machine'],
  'src/report': ['#kit', 'src/run/house.ts'],
  // Namespaces around a check. What is checked there is not in sight.
  'src/sandbox': ['src/machine', 'src/run', 'src/cloud/guardian.ts'],
  // Each hand-in is checked by a process of its own. How it is checked is not in sight.
  'src/grade': ['#kit', 'src/machine', 'src/run', 'src/sandbox', 'src/report', 'src/cloud/guardian.ts'],
  'src/prose': ['src/run/house.ts'],
  // Pictures of stacks, drawn from what is said of them here.
  'src/pictures': [],
  // What is timed is the local cloud, from outside and beside others.
  'src/bench': ['#kit', 'src/cloud', 'src/run', 'src/fixes', 'src/workbench'],
  // Mutants are deployed and checked as fixes are: in the local cloud.
  'src/mutants': ['#kit', 'src/run', 'src/targets/local.ts', 'src/cloud/guardian.ts'],
  // The page is bundled by itself; of the cloud it knows the shape of an event.
  'src/workbench': [
    '#kit',
    'labs',
    'src/machine',
    // A handshake that IAM asks to be signed.
    'src/probe/signed-url.ts',
    'src/run',
    'src/report',
    'src/fixes',
    'src/targets',
    'src/cloud',
  ],
  // Of the self-proof only the setting up of what tests need, which npm test does, the siege, what attendees need, and a lab's proof on AWS.
  'src/commands': [
    '#kit',
    'labs',
    'src/run',
    'src/report',
    'src/targets',
    'src/cloud',
    'src/conformance',
    'src/fixes',
    'src/grade',
    'src/sandbox',
    'src/state',
    'src/mutants',
    'src/workbench',
    'src/bench',
    'src/bundled.mjs',
    'src/selfproof/set-up-browser.ts',
    'src/selfproof/set-up-cache-server.ts',
    'src/selfproof/attendee-needs.ts',
    'src/selfproof/prove-on-aws.ts',
    'src/selfproof/set-up-old-sdk.ts',
    'src/selfproof/times-reporter.ts',
    'src/selfproof/hostile-sockets',
  ],
  // The local cloud as people take it home, into tests of their own.
  'src/testing': [
    '#kit',
    'src/machine',
    'src/probe',
    'src/cloud',
    'src/targets/local.ts',
    'src/state',
    'src/report',
    'src/run/old-sdk.ts',
    // A failure is told in the words of the workbench.
    'src/workbench/model',
    'src/workbench/server/directory.ts',
  ],
  'src/cli.ts': ['src/commands', 'src/report'],
}

/** Packages that the rooms a learner carries away may use. The last three are for clients: a socket, and AWS's own signer. */
const carried =
  /^(node:|aws-cdk-lib(\/|$)|constructs$|@aws-sdk\/|aws-lambda$|aws-jwt-verify(\/|$)|graphql$|@redis\/client$|source-map-support|ws$|@smithy\/signature-v4$|@aws-crypto\/sha256-js$)/

const rooms = Object.keys(floors).sort((a, b) => b.length - a.length)
const roomOf = (path: string) => rooms.find(room => path === room || path.startsWith(`${room}/`))

async function sources(): Promise<string[]> {
  const all = await Promise.all(
    ['src', 'labs', 'checks', 'starter', 'solutions'].map(async room =>
      (await readdir(join(house, room), { recursive: true })).map(
        file => `${room}/${file.split(sep).join('/')}`,
      ),
    ),
  )
  return all.flat().filter(file => /\.[cm]?tsx?$/.test(file) && !/cdk\.out|node_modules|\.d\.ts$/.test(file))
}

const read = (file: string): string => readFileSync(join(house, file), 'utf8')

const importsOf = (code: string): string[] =>
  [...code.matchAll(/(?:from|import|require\()\s*\(?['"]([^'"]+)['"]/g)].map(
    ([, specifier = '']) => specifier,
  )

test('a room imports only from below', async () => {
  const reachesUp: string[] = []
  for (const file of await sources()) {
    const room = roomOf(file)
    // Tests and what they stand on may look at every floor.
    if (!room || /\.(test|prove|fixture)\.ts$/.test(file)) continue
    for (const specifier of importsOf(read(file))) {
      const target = specifier.startsWith('.')
        ? relative(house, resolve(house, dirname(file), specifier))
            .split(sep)
            .join('/')
        : specifier
      if (!specifier.startsWith('.') && specifier !== '#kit') continue
      if (roomOf(target) === room) continue
      if (!floors[room]?.some(below => target === below || target.startsWith(`${below}/`)))
        reachesUp.push(`${file} reaches up to ${target}`)
    }
  }
  expect(reachesUp).toEqual([])
})

test('what a learner carries away imports nothing of ours', async () => {
  const carriedAway = (await sources())
    .filter(file => /^(starter|solutions)\//.test(file))
    .map(file => [file, read(file)] as const)
  const fixes = labs.flatMap(fixesOf)
  const inFixes = await Promise.all(
    fixes.map(async fix =>
      [...(await treeOf(fix))].map(([path, text]) => [`${fileOf(fix)}: ${path}`, text] as const),
    ),
  )
  const strangers = [
    ...carriedAway,
    ...inFixes.flat().filter(([path]) => /\.[cm]?[jt]sx?$/.test(path)),
  ].flatMap(([file, text]) =>
    importsOf(text)
      .filter(one => !one.startsWith('.') && !carried.test(one))
      .map(one => `${file} imports ${one}`),
  )
  expect(strangers).toEqual([])
})

test('nobody imports cli.ts, and the only barrel is #kit', async () => {
  const wrong = (await sources()).flatMap(file =>
    importsOf(read(file))
      .filter(
        one =>
          /(^|\/)cli\.ts$/.test(one) ||
          (/\/index\.ts$/.test(one) && !/labs\/index\.ts$|^\.\/index\.ts$/.test(one)),
      )
      .map(one => `${file} imports ${one}`),
  )
  expect(wrong).toEqual([])
})
