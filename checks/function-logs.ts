import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { Scene } from '#kit'

/** Every line that the stack's functions have logged so far and that holds `words`. */
export async function linesWith(scene: Scene, words: string): Promise<string[]> {
  const logs = scene.aws(CloudWatchLogsClient)
  const lines: string[] = []
  for (const logGroupName of logGroups(scene)) {
    let nextToken: string | undefined
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken })).catch(nothingYet)
      lines.push(...(page.events ?? []).map(event => event.message ?? ''))
      nextToken = page.nextToken
    } while (nextToken)
  }
  return lines.filter(line => line.includes(words))
}

/** The groups that the stack makes, and those that Lambda makes for functions without one. */
function logGroups(scene: Scene): string[] {
  const made = scene.resources('AWS::Logs::LogGroup').map(group => group.physicalId)
  const lambdas = scene.resources('AWS::Lambda::Function').map(one => `/aws/lambda/${one.physicalId}`)
  return [...new Set([...made, ...lambdas])]
}

/** Lambda makes its own group with the function's first line: until then there is none. */
function nothingYet(error: Error): { events?: { message?: string }[]; nextToken?: string } {
  if (error.name === 'ResourceNotFoundException') return {}
  throw error
}
