import type { Client, Crowd, Together } from './people.ts'
import type { Transcript } from './transcript.ts'

/** Events that a target spreads over instances: as `Spread` of the kit. */
export interface Spreads {
  meet(count: number): { through(): void }
  end(): void
}

/** How many are in a crowd where nobody says. */
const CROWD = 20

/**
 * Runs `during` while the events of each function go to different instances: because the target sees to it, or because a crowd
 * keeps the first instances busy.
 */
export async function spreadOut<T>(
  target: (() => Spreads) | undefined,
  transcript: Transcript,
  during: (together: Together) => Promise<T>,
  crowd: Crowd,
): Promise<T> {
  if (!target) return among(await gather(crowd), crowd, transcript, during)
  transcript.step('from now on consecutive events of a function went to different instances of it')
  const spread = target()
  try {
    return await during(meeting(spread))
  } finally {
    spread.end()
  }
}

/** Tasks whose requests are under way at once. A task that is over sends nothing any more, but a goodbye may be on its way. */
const meeting =
  (spread: Spreads): Together =>
  (...tasks) => {
    const meeting = spread.meet(tasks.length)
    return all(tasks.map(task => started(task).finally(meeting.through)))
  }

async function gather({ size = CROWD, enter }: Crowd): Promise<Client[]> {
  return all(Array.from({ length: size }, (_, index) => enter(`one of a crowd, ${index + 1}`)))
}

/** The crowd speaks all at once, before anything else happens and whenever something is to happen at once. */
async function among<T>(
  people: readonly Client[],
  { says }: Crowd,
  transcript: Transcript,
  during: (together: Together) => Promise<T>,
): Promise<T> {
  const speak = () => {
    if (says !== undefined) for (const client of people) client.send(says)
  }
  transcript.step(`a crowd of ${people.length} came`)
  speak()
  try {
    return await during((...tasks) => {
      speak()
      return all(tasks.map(started))
    })
  } finally {
    await Promise.all(people.map(client => client.leave()))
  }
}

/** Waits for all of them, also when one has failed: what goes on belongs to what is tried here. */
async function all<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks)
  return Promise.all(tasks)
}

/** What a task throws at once is a rejection like any other. */
const started = async <T>(task: () => Promise<T>): Promise<T> => task()
