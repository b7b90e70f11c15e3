import { ExportInUse } from '../exports.ts'
import { StackFailed } from '../stack-failed.ts'
import { Unsupported } from '../survey.ts'
import { refusal } from './members.ts'

/** What cannot be run here is CloudFormation's `ValidationError`, with a line for each thing. */
export async function inItsWords<T>(attempt: Promise<T>): Promise<T> {
  try {
    return await attempt
  } catch (error) {
    if (error instanceof Unsupported) throw refusal(error.message)
    throw error
  }
}

/** AWS has answered before a stack goes wrong: who wants to know asks for its status and its events. */
export async function comeWhatMay(attempt: Promise<unknown>): Promise<void> {
  try {
    await inItsWords(attempt)
  } catch (error) {
    if (!(error instanceof StackFailed || error instanceof ExportInUse)) throw error
  }
}
