import { type Assembly, type Deployment, hasFault, type Lab, type Target, type Verdict } from '#kit'
import type { Events } from '../../cloud/events.ts'
import type { Guardian } from '../../cloud/guardian.ts'
import { onItsOwn } from '../../run/assemble.ts'
import { check } from '../../run/check.ts'
import { follow, type InWords } from '../../run/follow.ts'
import { keptBrowser } from '../../run/kept-browser.ts'
import type { LocalTarget } from '../../targets/local.ts'
import type { CheckState } from '../model/protocol.ts'

/** Who is told of a check as it goes. */
export interface Listener {
  /** Each state of the check. */
  tell(state: CheckState): void
  /** The stack is up. It stays up. */
  deployed(): void
}

/** Checks the starter of a lab, and leaves what was deployed up, for people to look at. Answers with the verdict. */
export async function checkNow(
  lab: Lab,
  target: LocalTarget,
  guardian: Guardian,
  inWords: InWords,
  { tell, deployed }: Listener,
): Promise<Verdict> {
  const choice = { kind: 'starter' } as const
  const { events } = target.cloud
  let from = lastId(events)
  let state: CheckState = {
    lab: lab.id,
    hasFault: hasFault(lab),
    explanation: lab.explanation,
    startedAt: Date.now(),
    criteria: lab.criteria.map(({ id, says }) => ({ id, says })),
    findings: [],
  }
  const change = (news: Partial<CheckState>) => {
    state = { ...state, ...news }
    tell(state)
  }
  change({})
  const begins = (says: string) => change({ step: { says, since: Date.now() } })
  const leaving = stayingUp(target, deployed)
  const verdict = await follow(
    check(lab, choice, leaving, guardian, onItsOwn(guardian), keptBrowser(guardian), begins),
    { lab, choice, target: target.name },
    finding => {
      const to = lastId(events)
      change({ findings: [...state.findings, { finding, from: from + 1, to }] })
      from = to
    },
    inWords,
  )
  const { step: _, ...done } = state
  tell({ ...done, verdict })
  return verdict
}

/** The target, except that what is deployed stays up. */
const stayingUp = (target: LocalTarget, deployed: () => void): Target => ({
  ...target,
  async deploy(assembly: Assembly): Promise<Deployment> {
    const deployment = await target.deploy(assembly)
    deployed()
    return { ...deployment, async destroy() {} }
  },
})

const lastId = (events: Events): number => events.history().at(-1)?.id ?? -1
