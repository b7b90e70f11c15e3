import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labs } from '../../../labs/index.ts'
import { lab2 } from '../../../labs/lab2-wrong-permissions/lab.ts'
import { house } from '../../run/house.ts'
import { needsFile } from './attendee-policy.ts'
import { type LabsOnAws, labsOnAws, leavesNothing, teaches, withVerdict } from './labs.fixture.ts'
import { stackNameOf, tagsOf } from './names.ts'
import { keyOf, type Need, needOf } from './need.ts'

let trial: LabsOnAws
beforeAll(async () => {
  trial = await labsOnAws()
})
afterAll(() => trial.stop())

for (const lab of labs) {
  const [first] = lab.starterBreaks
  const what = first
    ? `the starter is refused at ${first}, and the solution is fixed`
    : 'starter and solution pass'
  test.concurrent(`${lab.id}: ${what}`, ({ expect }) => teaches(lab, trial, expect))
}

test('the policy for attendees refuses them nothing that labs need, and allows nothing else (if not: npm run attendees)', () => {
  expect(trial.asked.filter(({ allowed }) => !allowed)).toEqual([])
  const needed = [...trial.asked, ...trial.couldBeAsked].map(one =>
    keyOf(needOf(one, trial.borrowed.cloud.account, '')),
  )
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
  const { endpoint, credentials, account } = trial.borrowed.cloud
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
    await expect(trial.checked(lab2, 'solution')).rejects.toMatchObject({
      kind: 'stack-exists',
      next: expect.stringContaining('npm run destroy -- lab2 --profile mine'),
    })
    await trial.borrowed.cloud.stacks.delete('wslab-lab2-wrong-permissions-ana')
  }
})

test('a whole check of a starter says what it says in the local cloud, and a stuck stack is no hindrance', async () => {
  const group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'same' } }
  await lab2Stack({ One: group, Two: { ...group, DependsOn: 'One' } }, tagsOf('ana', Date.now()))
  const { findings, verdict } = await trial.checked(lab2, 'starter')
  expect(withVerdict(findings, 'fail')).toEqual(lab2.starterBreaks)
  expect(verdict).toMatchObject({ target: 'aws', source: 'starter', verdict: 'fail' })
  expect(findings.find(one => one.verdict === 'fail')).toMatchObject({
    evidence: expect.arrayContaining([expect.stringContaining('AccessDeniedException')]),
    where: expect.stringMatching(/^starter\/lab2-wrong-permissions\/stack\.ts:\d+$/),
  })
  expect(trial.told).toContain(
    'The stack wslab-lab2-wrong-permissions-ana is stuck (ROLLBACK_COMPLETE), and is replaced.\n',
  )
})

test('nothing is left, and nothing has left this machine', async () => {
  leavesNothing(trial, expect)
  const s3 = new S3Client(trial.account.config)
  expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([])
  const logs = new CloudWatchLogsClient(trial.account.config)
  expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([])
})
