import { signal } from '@preact/signals'

/** Why the last thing that was asked for was not done, in the server's words. */
export const refusal = signal('')

/** Asks the server for something. Throws with its words when it refuses. */
export async function ask<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  return answered(await fetch(`/api/${path}?${new URLSearchParams(query)}`))
}

/** Asks the server to do something. A refusal is shown to the reader; the answer is then undefined. */
export async function tell<T>(path: string, body: object = {}): Promise<T | undefined> {
  try {
    refusal.value = ''
    const answer = await fetch(`/api/${path}`, { method: 'POST', body: JSON.stringify(body) })
    return await answered<T>(answer)
  } catch (error) {
    refusal.value = (error as Error).message
    return undefined
  }
}

async function answered<T>(answer: Response): Promise<T> {
  const value = await answer.json().catch(() => ({ error: `The workbench answered ${answer.status}.` }))
  if (!answer.ok) throw new Error(value.error)
  return value
}
