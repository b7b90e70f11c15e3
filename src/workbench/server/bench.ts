import { join } from 'node:path'
import { hasFault, type Lab } from '#kit'
import type { Guardian } from '../../cloud/guardian.ts'
import { assemble } from '../../run/assemble.ts'
import type { InWords } from '../../run/follow.ts'
import { house } from '../../run/house.ts'
import { remember, remembered } from '../../run/progress.ts'
import { type Saves, watchSaves } from '../../run/saves.ts'
import { findSource } from '../../run/source.ts'
import { workspace } from '../../run/workspace.ts'
import type { LocalTarget } from '../../targets/local.ts'
import type { BenchState, CheckState, LabState } from '../model/protocol.ts'
import { cannotNow } from './cannot.ts'
import { checkNow } from './check-now.ts'
import { keepDirectory } from './directory.ts'
import { Refusal } from './http.ts'

/** What the workbench works with. */
export interface BenchOptions {
  readonly target: LocalTarget
  readonly guardian: Guardian
  readonly labs: readonly Lab[]
  /** Why there are no labs, in words. */
  readonly withoutLabs?: string
  /** The lab that is up already. */
  readonly standing?: BenchState['standing']
  readonly inWords: InWords
}

/** One cloud, and one thing at a time that is done to it. */
export interface Bench {
  state(): Promise<BenchState>
  lab(id: unknown): Lab
  /** Begins a check. What is up of a lab is taken down, and the stack that was checked stays up. */
  check(lab: Lab): void
  /** Puts up a lab and leaves it up. */
  putUp(lab: Lab, source: 'starter' | 'solution'): void
  takeDown(): void
  /** Checks a lab again with each save, or no more. */
  watch(lab: Lab | undefined): void
  moveClock(ms: number): void
  close(): Promise<void>
}

/** A lab that is checked with each save. */
interface Watched {
  readonly lab: Lab
  close(): void
}

/** Sets up a bench. `changed` is told whenever its state may be another. */
export function setUpBench(options: BenchOptions, changed: () => void): Bench {
  const { target, guardian, labs, withoutLabs, inWords } = options
  const directory = keepDirectory(target.cloud)
  let standing = options.standing
  let busy: BenchState['busy']
  let checkState: CheckState | undefined
  let trouble: string | undefined
  let saves: Watched | undefined
  let clockAhead = 0
  let underWay: Promise<void> = Promise.resolve()

  const bench: Bench = {
    async state() {
      const notes = await remembered()
      const sockets = target.cloud.sockets()
      return {
        labs: labs.map(lab => labState(lab, notes[lab.id])),
        ...(withoutLabs && { withoutLabs }),
        ...(busy && { busy }),
        cannot: cannotNow({ busy, withoutLabs, standing, sockets }),
        up: target.deployed(),
        ...(standing && { standing }),
        sockets,
        clockAhead,
        ...(saves && { watching: saves.lab.id }),
        ...(checkState && { check: checkState }),
        ...(trouble && { trouble }),
        directory: directory(),
      }
    },
    lab(id) {
      const found = labs.find(one => one.id === id)
      if (!found) throw new Refusal(withoutLabs ?? `There is no lab ${id}.`, 404)
      return found
    },
    check: lab => begin('check', `${lab.id} is being checked`, () => checkIt(lab)),
    putUp: (lab, source) => begin('up', `${lab.id} is being put up`, () => putUpNow(lab, source)),
    takeDown: () => begin('down', 'what is up is being taken down', clear),
    watch(lab) {
      saves?.close()
      saves = lab && watched(lab)
      changed()
    },
    moveClock(ms) {
      const why = cannotNow({ busy, withoutLabs, standing, sockets: [] }).clock
      if (why) throw new Refusal(why)
      target.cloud.clock.advance(ms)
      clockAhead += ms
      changed()
    },
    async close() {
      saves?.close()
      await underWay
    },
  }
  return bench

  function begin(
    what: NonNullable<BenchState['busy']>['what'],
    says: string,
    work: () => Promise<void>,
  ): void {
    const why = cannotNow({ busy, withoutLabs, standing, sockets: target.cloud.sockets() })[what]
    if (why) throw new Refusal(why)
    busy = { what, says }
    trouble = undefined
    changed()
    underWay = work()
      .catch(error => {
        trouble = inWords(error)
      })
      .finally(() => {
        busy = undefined
        clockAhead = Math.round(target.cloud.clock.now() - Date.now())
        changed()
      })
  }

  /** Nothing of a lab stays: the next one begins with empty tables. */
  async function clear(): Promise<void> {
    if (!standing) return
    standing = undefined
    for (const { stackName } of target.deployed()) await target.cloud.stacks.delete(stackName)
  }

  async function putUpNow(lab: Lab, source: 'starter' | 'solution'): Promise<void> {
    await clear()
    const folder = workspace(guardian, lab.id)
    try {
      const found = await findSource(lab, { kind: source }, folder)
      const { assembly, compiles } = await assemble(found, lab, folder, guardian)
      await compiles
      await target.deploy(assembly)
      standing = { lab: lab.id, source }
    } finally {
      guardian.removeFolder(folder)
    }
  }

  async function checkIt(lab: Lab): Promise<void> {
    await clear()
    const verdict = await checkNow(lab, target, guardian, inWords, {
      tell(state) {
        checkState = state
        changed()
      },
      deployed() {
        standing = { lab: lab.id, source: 'starter' }
      },
    })
    const passed = verdict.verdict === 'pass' ? { passed: new Date().toISOString() } : {}
    await remember(lab.id, { last: verdict, ...passed })
  }

  /** Checks a lab with each save, until it is closed: that may be before the folder has been read for the first time. */
  function watched(lab: Lab): Watched {
    const beginning = watchSaves(join(house, 'starter', lab.id))
    const one: Watched = {
      lab,
      close: () =>
        void beginning.then(
          begun => begun.close(),
          () => {},
        ),
    }
    void checkOnSave(one, beginning).catch(error => {
      trouble = inWords(error)
      changed()
    })
    return one
  }

  async function checkOnSave(one: Watched, beginning: Promise<Saves>): Promise<void> {
    const begun = await beginning
    while (await begun.next()) {
      await underWay
      if (saves === one && !busy) bench.check(one.lab)
    }
  }
}

function labState(lab: Lab, note: Awaited<ReturnType<typeof remembered>>[string] = {}): LabState {
  const { id, title, about, tries } = lab
  const { last, passed } = note
  const kept = last?.criteria.filter(one => one.verdict === 'pass').length ?? 0
  return {
    id,
    title,
    about,
    hasFault: hasFault(lab),
    tries,
    ...(passed && { passed }),
    ...(last && { last: { verdict: last.verdict, kept, of: last.criteria.length } }),
  }
}
