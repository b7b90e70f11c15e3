import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ExpectStatic } from 'vitest'
import type { Finding, Lab, Verdict } from '#kit'
import { startGuardian } from '../../cloud/guardian.ts'
import { type Assembler, onItsOwn } from '../../run/assemble.ts'
import { check } from '../../run/check.ts'
import { type KeptBrowser, keptBrowser } from '../../run/kept-browser.ts'
import { lendTo, NAME, type Questions, rightsIn } from '../../selfproof/attendee.ts'
import { type BorrowedAccount, borrowAccount, browserSwitches } from '../../selfproof/borrowed-account.ts'
import { type AwsAccount, awsAccount } from './account.ts'
import { attendeePolicies } from './attendee-policy.ts'
import { handIn } from './hand.ts'
import { type LabsTarget, labsTarget } from './labs.ts'
import { manifestIn } from './manifest.ts'
import type { Asked } from './need.ts'

/**
 * Labs on the target aws, for tests. Each is deployed by the CDK's own command line, in a process that knows of an endpoint
 * and nothing else, by somebody who may do what the policy for attendees says, and nothing else.
 */
export interface LabsOnAws {
  readonly borrowed: BorrowedAccount
  readonly account: AwsAccount
  readonly target: LabsTarget
  /** What IAM has been asked about the attendee so far. */
  readonly asked: Questions
  /** What making, changing and deleting the stacks would ask. */
  readonly couldBeAsked: readonly Asked[]
  /** What the target has told the attendee. */
  readonly told: readonly string[]
  /** A check without the type check, which proofs have done. One that has to be refused ends where it is. */
  checked(
    lab: Lab,
    kind: 'starter' | 'solution',
    untilRefused?: boolean,
  ): Promise<{ readonly findings: readonly Finding[]; readonly verdict?: Verdict }>
  stop(): Promise<void>
}

/** Borrows an account, and makes this process the attendee's. */
export async function labsOnAws(): Promise<LabsOnAws> {
  const borrowed = await borrowAccount()
  const { cloud } = borrowed
  const couldBeAsked: Asked[] = []
  const told: string[] = []
  const asked = await lendTo(attendeePolicies(cloud.account), borrowed)
  cloud.events.subscribe(event => {
    if (event.kind !== 'resource' || event.type !== 'AWS::CloudFormation::Stack') return
    if (event.status === 'CREATE_COMPLETE') couldBeAsked.push(...rightsIn(event.stackName, cloud))
  })
  const guardian = startGuardian()
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  const { WSLAB_BROWSER } = process.env
  Object.assign(process.env, borrowed.env)
  // This process opens sockets too.
  for (const preload of borrowed.preloads) createRequire(import.meta.url)(preload)
  // A page opens sockets as well. None of the checks may close it for the others.
  if (WSLAB_BROWSER === undefined) delete process.env.WSLAB_BROWSER
  else process.env.WSLAB_BROWSER = WSLAB_BROWSER
  const kept = keptBrowser(guardian, browserSwitches(cloud.endpoint))
  const browser: KeptBrowser = { open: kept.open, close: async () => {} }
  const account = await awsAccount({ profile: 'mine' })
  const manifest = manifestIn(join(borrowed.home, 'notes'))
  const target = labsTarget(handIn(account, await account.startsAs(), manifest), {
    attendee: NAME,
    guardian,
    directory: guardian.temporaryFolder('wslab-cdk-'),
    home: guardian.temporaryFolder('wslab-cdk-home-'),
    tell: text => void told.push(text),
  })

  return {
    borrowed,
    account,
    target,
    asked,
    couldBeAsked,
    told,
    async checked(lab, kind, untilRefused = false) {
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
    },
    async stop() {
      account.stop()
      await kept.close()
      await guardian.stop()
      await borrowed.stop()
    },
  }
}

/** The ids of the promises with this verdict. */
export const withVerdict = (findings: readonly Finding[], verdict: Finding['verdict']): string[] =>
  findings.filter(one => one.verdict === verdict).map(({ id }) => id)

/** Holds when the starter of a lab is refused at the promise that it breaks first, and the solution is fixed. */
export async function teaches(lab: Lab, { checked, target }: LabsOnAws, expect: ExpectStatic): Promise<void> {
  const { findings } = await checked(lab, 'starter', true)
  expect(withVerdict(findings, 'fail')).toEqual(lab.starterBreaks.slice(0, 1))

  const solution = await checked(lab, 'solution')
  const notHere = lab.criteria
    .filter(({ needs = [] }) => needs.some(need => need !== 'browser' && !target.can.has(need)))
    .map(({ id }) => id)
  expect(solution.findings.filter(one => !['pass', 'skipped'].includes(one.verdict))).toEqual([])
  expect(notHere).toEqual(expect.arrayContaining(withVerdict(solution.findings, 'skipped')))
  expect(solution.verdict).toMatchObject({ target: 'aws', verdict: 'pass' })
}

/** Holds when nothing of the labs is left in the account, and nothing has left this machine. */
export function leavesNothing({ borrowed, target }: LabsOnAws, expect: ExpectStatic): void {
  expect(borrowed.cloud.stacks.list()).toEqual([])
  expect(target.unfinished()).toEqual([])
  expect(borrowed.strayed()).toEqual([])
}
