import { visible } from '#kit'
import type { CloudEvent, Events } from '../cloud/events.ts'
import { describer } from '../workbench/model/describe.ts'
import { explainer } from '../workbench/model/explain.ts'
import { filterOf, usualFilter } from '../workbench/model/filter.ts'
import { isNews, noteInALine, rowInALine, timeOf } from '../workbench/model/in-lines.ts'
import { isPlatformLine } from '../workbench/model/platform-lines.ts'
import type { Directory } from '../workbench/model/protocol.ts'
import { type Kind, kinds, type Row } from '../workbench/model/row.ts'

/** How long lines are gathered before they are printed together, in milliseconds. */
const GATHERED_FOR = 100
/** The most lines that are printed at a time. Of a flood the rest is counted. */
const MOST = 60
/** How the work on a stack ends. */
const FINISHED = /^(CREATE|UPDATE|DELETE|UPDATE_ROLLBACK|ROLLBACK)_(COMPLETE|FAILED)$/

/** What somebody who watches wants to see. */
export interface Watching {
  /** Only these kinds of lines; the usual ones when there are none. */
  readonly only?: ReadonlySet<Kind> | undefined
  /** Each call, start and line of Lambda's own as well. */
  readonly verbose?: boolean | undefined
}

/**
 * Prints what happens, a line each, in the names of the learner's code. Lines are gathered and printed together, so that a
 * terminal never slows the sockets down.
 */
export function showLive(
  events: Events,
  directory: () => Directory,
  watching: Watching,
  print: (text: string) => void,
): { stop(): void } {
  const describe = describer()
  const explain = explainer()
  const isWanted = wantedBy(watching)
  let lines: string[] = []
  let more = 0
  let timer: NodeJS.Timeout | undefined
  let names: Directory | undefined

  const add = (line: string) => {
    if (lines.length < MOST) lines.push(line)
    else more += 1
  }
  const flush = () => {
    timer = undefined
    for (const note of explain.later()) add(noteInALine(note))
    const last = more > 0 ? `… and ${more.toLocaleString('en')} more events\n` : ''
    if (lines.length > 0) print(`${lines.join('\n')}\n${last}`)
    lines = []
    more = 0
    names = undefined
  }
  const unsubscribe = events.subscribe(event => {
    const notes = explain.take(event)
    const stack = stackLine(event)
    if (stack !== undefined) {
      names = undefined
      add(`${timeOf(event)} ${visible(stack)}`)
    } else if (lines.length >= MOST) more += 1
    else {
      names ??= directory()
      const row = describe(event, names)
      if (isWanted(row)) add(rowInALine(row, whoCame(event)))
    }
    for (const note of notes) add(noteInALine(note))
    timer ??= setTimeout(flush, GATHERED_FOR)
  })
  return {
    stop() {
      unsubscribe()
      clearTimeout(timer)
      flush()
    },
  }
}

/** Kinds as a person gives them: `frame,log`. Answers with those that there are not as well. */
export function kindsIn(text: string): {
  readonly kinds: ReadonlySet<Kind>
  readonly unknown: readonly string[]
} {
  const given = text.split(',').map(word => word.trim())
  const isKind = (word: string): word is Kind => (kinds as readonly string[]).includes(word)
  return { kinds: new Set(given.filter(isKind)), unknown: given.filter(word => !isKind(word)) }
}

function wantedBy({ only, verbose }: Watching): (row: Row) => boolean {
  const chosen = only ?? (verbose ? new Set(kinds) : usualFilter.kinds)
  const isChosen = filterOf({ ...usualFilter, kinds: chosen })
  if (verbose) return row => isChosen(row) || (isPlatformLine(row.event) && chosen.has('log'))
  return only ? isChosen : row => isChosen(row) && isNews(row)
}

/** A stack that has come, changed or gone; single resources are told by CloudFormation's own events. */
function stackLine(event: CloudEvent): string | undefined {
  if (event.kind !== 'resource' || event.type !== 'AWS::CloudFormation::Stack') return undefined
  if (!FINISHED.test(event.status)) return undefined
  return `The stack ${event.stackName} is ${event.status}${event.reason ? `: ${event.reason}` : ''}`
}

/** A client is called by a number. Its connection id is told once, for those who want to post to it. */
const whoCame = (event: CloudEvent): string =>
  event.kind === 'handshake' && event.connectionId ? `, as ${event.connectionId}` : ''
