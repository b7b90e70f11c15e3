import { AsyncLocalStorage } from 'node:async_hooks'

/** The event that makes happen what happens now: `undefined` when it is caused from outside, or by time. */
const present = new AsyncLocalStorage<number | undefined>()

/** The id of the present cause. */
export const presentCause = (): number | undefined => present.getStore()

/** Runs `task`. What happens in it, and in all that it awaits or sets going, has this cause. */
export const causing = <T>(cause: number | undefined, task: () => T): T => present.run(cause, task)

/** The same task with the present cause, whenever it is run. */
export function keepingCause(task: () => void): () => void {
  const cause = present.getStore()
  return cause === undefined ? () => present.run(undefined, task) : () => present.run(cause, task)
}
