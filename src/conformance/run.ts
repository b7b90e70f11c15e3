import { isStrict, type Row } from './row.ts'
import { type Account, NotHere } from './world.ts'

/** What became of a row. `broken` is a fact that is not so here; `not checked` one that this target gives no way to find out about. */
export type Status = 'held' | 'assumed' | 'not modelled' | 'broken' | 'not checked'

/** A row, tried. */
export interface Result {
  readonly id: string
  readonly status: Status
  /** Why it is broken, or could not be checked. */
  readonly because?: string
  readonly ms: number
}

/** How rows are tried. */
export interface Trial {
  /** How long a row may take, in milliseconds. */
  readonly patience: number
  /** How many rows are tried at a time: most of them wait most of the time. */
  readonly atATime: number
  /** Told of each row as soon as it is known. */
  tell?(result: Result): void
}

/** In the local cloud everything is soon there. The patience ends a row that hangs. */
export const here: Trial = { patience: 240_000, atATime: 8 }
/** On AWS a stack takes a minute or two, and its API takes ten requests a second. */
export const onAws: Trial = { patience: 30 * 60_000, atATime: 4 }

/** Tries rows, several at a time. */
export async function tryRows(
  rows: readonly Row[],
  account: Account,
  { patience, atATime, tell }: Trial,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const waiting = [...rows]
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const result = await tryRow(row, account, patience)
      results.push(result)
      tell?.(result)
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  const place = new Map(rows.map(({ id }, index) => [id, index]))
  return results.sort((a, b) => place.get(a.id)! - place.get(b.id)!)
}

async function tryRow(row: Row, account: Account, patience: number): Promise<Result> {
  const started = performance.now()
  const done = (status: Status, because?: string): Result => ({
    id: row.id,
    status,
    ms: Math.round(performance.now() - started),
    ...(because !== undefined && { because }),
  })
  if (!row.holds) return done('not modelled', row.notModelled)

  const { world, leave } = account.visit()
  try {
    await within(patience, row.holds(world))
    return done(isStrict(row) ? 'held' : 'assumed')
  } catch (error) {
    if (error instanceof NotHere) return done('not checked', error.message)
    const { message, stack = message } = error as Error
    return done('broken', process.env.DEBUG?.includes('wslab') ? stack : message)
  } finally {
    await leave()
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${ms / 1000} s`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
