import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause, setImmediate } from 'node:timers/promises'
import { fairSignal, fairTimeout } from '../machine/fair-timer.ts'
import { type Reachable, socketAddress } from './address.ts'
import { type Knock, knock } from './client.ts'
import type { Equipment } from './equipment.ts'
import { type Line, lineOf } from './line.ts'
import { openPage } from './page.ts'
import type { Client, ConnectOptions, Page, Program, Scene } from './people.ts'
import { programOn } from './program.ts'
import { Refused } from './refused.ts'
import { DECIDED_WITHIN, silence } from './silence.ts'
import { type Spreads, spreadOut } from './spread.ts'
import { startTranscript, type Transcript } from './transcript.ts'
import { unlessAborted } from './unless-aborted.ts'
import { Unmet } from './unmet.ts'

/** The part of a deployment that a probe may see. */
export interface Stage extends Reachable {
  readonly resources: readonly {
    readonly logicalId: string
    readonly type: string
    readonly physicalId: string
  }[]
  readonly aws: { readonly region: string; readonly endpoint?: string; readonly credentials: any }
  readonly accountId: string
  /** Milliseconds. */
  readonly patience: number
  /** Where the target can. */
  advanceClock?(ms: number): void
  /** Where the target can. */
  spread?(): Spreads
  /** Where the target can tell. */
  atRest?(signal: AbortSignal): Promise<number>
}

const turn = () => setImmediate()

/** How often `eventually` asks, in milliseconds. */
const ASK_AGAIN = 100
/** What a stage answers to a handshake when it is asked too much at once. */
const TOO_MANY = 429
/** How long to wait before knocking again after that, in milliseconds, and how often. */
const KNOCK_AGAIN_AFTER = 200
const KNOCKS_AGAIN = 20
/** How long people may wait for each other when they leave, in milliseconds. */
const LEAVING_TIME = 2_000

/**
 * Opens a scene on a stack that is up. `close` sees everybody out, closes pages, ends programs, and lets go of every SDK
 * client. Without equipment there are no pages and no programs.
 */
export function openScene(
  stage: Stage,
  equipment?: Equipment,
): { scene: Scene; transcript: Transcript; close(): Promise<void> } {
  const transcript = startTranscript()
  const people: Client[] = []
  const lines: Line[] = []
  const pages: Page[] = []
  const programs: Program[] = []
  const others: Line[] = []
  const guests: (() => unknown)[] = []
  const clients: { destroy?(): void }[] = []
  const newcomers = new Set<Pick<Line, 'there'>>()
  const isSilent = silence(stage.atRest, lines, transcript, newcomers, others)

  const scene: Scene = {
    accountId: stage.accountId,
    region: stage.aws.region,
    get callbackUrl() {
      return scene.output('Url').replace(/^ws/, 'http')
    },
    nonce: () => randomUUID().slice(0, 8),
    did: transcript.step,
    saw: transcript.frame,
    listensOn: socket => void lines.push(lineOf(socket)),
    atTheEnd: leave => void guests.push(leave),
    async connect(name, options = {}) {
      transcript.step(`${name} connected`)
      const knocked = await comes(name, options)
      if ('refused' in knocked) throw new Refused(name, knocked.refused)
      return knocked.client
    },
    async isRefused(name, options = {}) {
      transcript.step(`${name} tried to connect`)
      const knocked = await comes(name, options)
      if ('refused' in knocked) return knocked.refused
      throw new Unmet({
        expected: `${name}'s handshake to be refused`,
        observed: 'it was answered with 101, and the connection is open',
      })
    },
    async page(name, source) {
      const page = await coming(openPage(source, name, equipped(), transcript, stage.patience, isSilent))
      pages.push(page)
      others.push(page)
      return page
    },
    async run(name, file, { args = [], env = {} } = {}) {
      const { directory, start } = equipped()
      const path = join(directory, file)
      if (!existsSync(path))
        throw new Unmet({ expected: `a program ${file}`, observed: 'there is no such file' })
      transcript.step(`${name} was started: ${file}`)
      const program = programOn(start(path, args, env), name, transcript, stage.patience, isSilent)
      programs.push(program)
      others.push(program)
      return program
    },
    output(name) {
      const value = stage.outputs[name]
      if (value !== undefined) return value
      const names = Object.keys(stage.outputs).join(', ') || 'none'
      throw new Unmet({
        expected: `an output ${name}`,
        observed: `the stack's outputs: ${names}`,
        means: `The stack has no output ${name}, by which the check finds it. The starter has one: keep its name.`,
      })
    },
    resources: type => stage.resources.filter(resource => resource.type === type),
    aws(Client, settings = {}) {
      const client = new Client({ ...stage.aws, ...settings })
      clients.push(client as { destroy?(): void })
      noteCalls(client, transcript)
      return client
    },
    spread: (during, crowd = {}) =>
      spreadOut(stage.spread, transcript, during, { enter: name => scene.connect(name), ...crowd }),
    async release(context) {
      const { release } = equipped()
      if (!release) throw new Error('This scene cannot deploy its stack again.')
      const given = Object.entries(context).map(([key, value]) => ` -c ${key}=${value}`)
      transcript.step(
        given.length > 0
          ? `the stack was deployed with${given.join('')}`
          : 'the stack was deployed as at first',
      )
      await release(context)
    },
    advanceClock(ms) {
      if (!stage.advanceClock)
        throw new Error('This clock cannot be moved: the criterion must say that it needs it.')
      transcript.step(`the clock was moved on by ${ms / 60_000} minutes`)
      stage.advanceClock(ms)
    },
    async eventually(expected, ask, { within = stage.patience, stays = false } = {}) {
      const isLate = timeOver(within)
      // What a function at work has just done, it may take back with its next call.
      const mayPass = timeOver(stays && stage.atRest ? DECIDED_WITHIN : 0)
      try {
        for (let isOver = false; ; isOver = await nothingCanCome()) {
          const answer = await ask()
          if (answer !== undefined && (isOver || isLate.isOver || mayPass.isOver)) return answer
          if (answer !== undefined) continue
          if (isOver)
            throw new Unmet({ expected, observed: 'nothing of the kind, and nothing is under way any more' })
          if (!isLate.isOver) continue
          if (!(await isSilent.isDecided(fairSignal(DECIDED_WITHIN)))) transcript.ranOut()
          throw new Unmet({ expected, observed: `nothing of the kind in ${within / 1000} s` })
        }
      } finally {
        isLate.callOff()
        mayPass.callOff()
      }
    },
  }

  return {
    scene,
    transcript,
    async close() {
      await Promise.all([
        everybodyLeaves(),
        ...pages.map(page => page.close()),
        ...programs.map(program => program.stop()),
        ...guests.map(async leave => leave()),
      ])
      for (const client of clients) client.destroy?.()
    },
  }

  async function comes(name: string, options: ConnectOptions): Promise<Knock> {
    const url = socketAddress(options.url ?? scene.output('Url'), stage)
    const arrival = () => coming(knock(url, name, options, transcript, stage.patience, isSilent))
    let knocked = await arrival()
    // A stage that is asked too much at once (facts: G9) says nothing about who knocks. A quick machine is no reason to be refused.
    for (let left = KNOCKS_AGAIN; left > 0 && 'refused' in knocked && knocked.refused === TOO_MANY; left--) {
      await pause(KNOCK_AGAIN_AFTER)
      knocked = await arrival()
    }
    if ('client' in knocked) {
      people.push(knocked.client)
      lines.push(knocked.line)
    }
    return knocked
  }

  /** Somebody who is on their way in: nobody knows what comes of them before they are here. */
  async function coming<T>(arrival: Promise<T>): Promise<T> {
    const newcomer = { there: (signal: AbortSignal) => unlessAborted(arrival.then(turn, turn), signal) }
    newcomers.add(newcomer)
    try {
      return await arrival
    } finally {
      newcomers.delete(newcomer)
    }
  }

  /** Waits until it is time to ask again, or certain that asking once more is enough. */
  async function nothingCanCome(): Promise<boolean> {
    const late = AbortSignal.timeout(ASK_AGAIN)
    const isOver = await isSilent.isProved(late)
    if (!isOver && !late.aborted) await once(late, 'abort')
    return isOver
  }

  /** One after the other, where that can be told: all at once, each would have an instance of the function started that takes $disconnect. */
  async function everybodyLeaves(): Promise<void> {
    const late = AbortSignal.timeout(LEAVING_TIME)
    const leave = (client: Client) => client.leave().catch(() => client.vanish())
    for (const client of people.splice(0, stage.atRest ? people.length - 1 : 0)) {
      await leave(client)
      await stage.atRest?.(late).catch(() => {})
    }
    await Promise.all(people.map(leave))
  }

  function equipped(): Equipment {
    if (equipment) return equipment
    throw new Error('This scene has no browser and no programs, and cannot deploy its stack again.')
  }
}

/** Commands that change nothing. */
const reads = /^(Get|BatchGet|List|Describe|Scan|Query|Filter|Simulate|Head)/

/** What the probe does by AWS's own API counts as done by it: something may come of it. */
function noteCalls(client: unknown, transcript: Transcript): void {
  const { middlewareStack } = client as {
    middlewareStack?: {
      add(
        middleware: (next: any, context: { commandName?: string }) => (args: unknown) => unknown,
        options: object,
      ): void
    }
  }
  middlewareStack?.add(
    (next, { commandName = '' }) =>
      args => {
        if (!reads.test(commandName)) transcript.doing()
        return next(args)
      },
    { step: 'initialize', name: 'noteCalls' },
  )
}

/** Time that runs out, in milliseconds of fair time. With 0 it is over at once. */
function timeOver(within: number): { readonly isOver: boolean; callOff(): void } {
  let isOver = within === 0
  const callOff = isOver
    ? () => {}
    : fairTimeout(within, () => {
        isOver = true
      })
  return {
    get isOver() {
      return isOver
    },
    callOff,
  }
}
