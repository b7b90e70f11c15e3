/**
 * Reads the answer of a function that reports failures of single messages, JSON text: the ids of those that failed.
 *
 * Nothing, an empty answer, and an answer without `batchItemFailures` say that all went well. An answer that is no
 * object, an `itemIdentifier` that is missing, empty, null or of no message of the batch makes all of them failures.
 */
export function failedIds(payload: string, ids: ReadonlySet<string>): ReadonlySet<string> {
  const answer = JSON.parse(payload)
  if (answer === null || answer === '') return new Set()
  const failures = typeof answer === 'object' && !Array.isArray(answer) ? answer.batchItemFailures : undefined
  if (failures === undefined && typeof answer === 'object' && !Array.isArray(answer)) return new Set()
  if (failures === null) return new Set()
  if (!Array.isArray(failures)) return ids
  const failed = failures.map(failure => failure?.itemIdentifier)
  return failed.every(id => ids.has(id)) ? new Set(failed) : ids
}
