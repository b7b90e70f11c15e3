import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding, Lab, Verdict } from '#kit'
import { labs } from '../../../labs/index.ts'
import { type Guardian, startGuardian } from '../../cloud/guardian.ts'
import { type Assembler, onItsOwn } from '../../run/assemble.ts'
import { check } from '../../run/check.ts'
import { house } from '../../run/house.ts'
import { type KeptBrowser, keptBrowser } from '../../run/kept-browser.ts'
import { lendTo, NAME, type Questions, rightsIn } from '../../selfproof/attendee.ts'
import { type BorrowedAccount, borrowAccount, browserSwitches } from '../../selfproof/borrowed-account.ts'
import { type AwsAccount, awsAccount } from './account.ts'
import { attendeePolicies, needsFile } from './attendee-policy.ts'
import { handIn } from './hand.ts'
import { type LabsTarget, labsTarget } from './labs.ts'
import { manifestIn } from './manifest.ts'
import { stackNameOf, tagsOf } from './names.ts'
import { type Asked, keyOf, type Need, needOf } from './need.ts'

// Every lab is deployed here by the CDK's own command line, in a process that knows of an endpoint and nothing else; and by
// somebody who may do what the policy for attendees says, and nothing else.

let borrowed: BorrowedAccount
let account: AwsAccount
let guardian: Guardian
let target: LabsTarget
let browser: KeptBrowser
let kept: KeptBrowser
let asked: Questions
const couldBeAsked: Asked[] = []
const told: string[] = []
beforeAll(async () => {
  borrowed = await borrowAccount()
  const { cloud } = borrowed
  asked = await lendTo(attendeePolicies(cloud.account), borrowed)
  cloud.events.subscribe(event => {
    if (event.kind !== 'resource' || event.type !== 'AWS::CloudFormation::Stack') return
    if (event.status === 'CREATE_COMPLETE') couldBeAsked.push(...rightsIn(event.stackName, cloud))
  })
  guardian = startGuardian()
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  const { WSLAB_BROWSER } = process.env
  Object.assign(process.env, borrowed.env)
  // This process opens sockets too.
  for (const preload of borrowed.preloads) createRequire(import.meta.url)(preload)
  // A page opens sockets as well. None of the checks may close it for the others.
  if (WSLAB_BROWSER === undefined) delete process.env.WSLAB_BROWSER
  else process.env.WSLAB_BROWSER = WSLAB_BROWSER
  kept = keptBrowser(guardian, browserSwitches(borrowed.cloud.endpoint))
  browser = { open: kept.open, close: async () => {} }
  account = await awsAccount({ profile: 'mine' })
  const manifest = manifestIn(join(borrowed.home, 'notes'))
  target = labsTarget(handIn(account, await account.startsAs(), manifest), {
    attendee: NAME,
    guardian,
    directory: guardian.temporaryFolder('wslab-cdk-'),
    home: guardian.temporaryFolder('wslab-cdk-home-'),
    tell: text => void told.push(text),
  })
})
afterAll(async () => {
  account.stop()
  await kept.close()
  await guardian.stop()
  await borrowed.stop()
})

/** A check without the type check, which proofs have done. One that has to be refused ends where it is. */
async function checked(lab: Lab, kind: 'starter' | 'solution', untilRefused = false) {
  const assembler: Assembler = { ...onItsOwn(guardian), async typecheck() {} }
  const course = check(lab, { kind }, target, guardian, assembler, browser)
  const findings: Finding[] = []
  for (;;) {
    const { done, value } = await course.next()
    if (done) return { findings, verdict: value as Verdict }
    findings.push(value)
    if (!untilRefused || value.verdict !== 'fail') continue
    await course.return(undefined as never)
    return { findings }
  }
}

const withVerdict = (findings: readonly Finding[], verdict: Finding['verdict']) =>
  findings.filter(one => one.verdict === verdict).map(({ id }) => id)

for (const lab of labs) {
  const [first] = lab.starterBreaks
  test.concurrent(`${lab.id}: the starter is refused at ${first}, and the solution is fixed`, async ({
    expect,
  }) => {
    const { findings } = await checked(lab, 'starter', true)
    expect(withVerdict(findings, 'fail')).toEqual([first])

    const solution = await checked(lab, 'solution')
    const notHere = lab.criteria.filter(({ needs = [] }) => needs.includes('clock')).map(({ id }) => id)
    expect(solution.findings.filter(one => !['pass', 'skipped'].includes(one.verdict))).toEqual([])
    expect(notHere).toEqual(expect.arrayContaining(withVerdict(solution.findings, 'skipped')))
    expect(solution.verdict).toMatchObject({ target: 'aws', verdict: 'pass' })
  })
}

test('the policy for attendees refuses them nothing that labs need, and allows nothing else (if not: npm run attendees)', () => {
  expect(asked.filter(({ allowed }) => !allowed)).toEqual([])
  const needed = [...asked, ...couldBeAsked].map(one => keyOf(needOf(one, borrowed.cloud.account, '')))
  const kept: readonly Need[] = JSON.parse(readFileSync(needsFile, 'utf8'))
  const idle = kept.filter(
    need => !need.by.startsWith('checks/') && !ELSEWHERE.has(need.action) && !needed.includes(keyOf(need)),
  )
  expect(idle).toEqual([])
  // What only a fix needs, that fix is there for.
  for (const { by } of kept) if (by.startsWith('checks/')) expect(existsSync(join(house, by)), by).toBe(true)
})

/** Needed for what is not done here: a stack that is kept is looked at and changed, and Lambda's own log groups are removed. */
const ELSEWHERE = new Set(['cloudformation:GetTemplate', 'cloudformation:UpdateStack', 'logs:DeleteLogGroup'])

/** Whose account it is. */
const learner = () => {
  const { endpoint, credentials, account } = borrowed.cloud
  return new CloudFormationClient({ endpoint, credentials, region: account.region })
}

/** A stack of lab 2's name, before anybody has checked it. */
const lab2Stack = (Resources: object, tags: Readonly<Record<string, string>>) =>
  learner().send(
    new CreateStackCommand({
      StackName: stackNameOf('lab2-wrong-permissions', 'ana'),
      TemplateBody: JSON.stringify({ Resources }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  )

test('a stack that was not made from here is not touched, whosever tags it bears', async () => {
  for (const tags of [{}, tagsOf('ben', Date.now()), tagsOf('ana', Date.now())]) {
    await lab2Stack({ Hall: { Type: 'AWS::Logs::LogGroup' } }, tags)
    await expect(checked(labs[1]!, 'solution')).rejects.toMatchObject({
      kind: 'stack-exists',
      next: expect.stringContaining('npm run destroy -- lab2 --profile mine'),
    })
    await borrowed.cloud.stacks.delete('wslab-lab2-wrong-permissions-ana')
  }
})

test('a whole check of a starter says what it says in the local cloud, and a stuck stack is no hindrance', async () => {
  const group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'same' } }
  await lab2Stack({ One: group, Two: { ...group, DependsOn: 'One' } }, tagsOf('ana', Date.now()))
  const { findings, verdict } = await checked(labs[1]!, 'starter')
  expect(withVerdict(findings, 'fail')).toEqual(labs[1]!.starterBreaks)
  expect(verdict).toMatchObject({ target: 'aws', source: 'starter', verdict: 'fail' })
  expect(findings.find(one => one.verdict === 'fail')).toMatchObject({
    evidence: expect.arrayContaining([expect.stringContaining('AccessDeniedException')]),
    where: expect.stringMatching(/^starter\/lab2-wrong-permissions\/stack\.ts:\d+$/),
  })
  expect(told).toContain(
    'The stack wslab-lab2-wrong-permissions-ana is stuck (ROLLBACK_COMPLETE), and is replaced.\n',
  )
})

test('nothing is left, and nothing has left this machine', async () => {
  expect(borrowed.cloud.stacks.list()).toEqual([])
  const s3 = new S3Client(account.config)
  expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([])
  const logs = new CloudWatchLogsClient(account.config)
  expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([])
  expect(target.unfinished()).toEqual([])
  expect(borrowed.strayed()).toEqual([])
})
