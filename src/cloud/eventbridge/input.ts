import { compilePath } from '../apigateway/messages/json-path.ts'
import type { BusEvent, Rule, Target } from './rule.ts'

/** What a target is given: the event, a part of it, a constant, or a text made of parts of it. */
export function inputFor(target: Target, event: BusEvent, rule: Pick<Rule, 'arn' | 'name'>): string {
  const { Input, InputPath, InputTransformer } = target
  if (Input !== undefined) return Input
  if (InputTransformer) return transformed(InputTransformer, event, rule)
  if (InputPath !== undefined) return JSON.stringify(compilePath(InputPath)(event) ?? {})
  return JSON.stringify(event)
}

function transformed(
  { InputPathsMap = {}, InputTemplate }: NonNullable<Target['InputTransformer']>,
  event: BusEvent,
  rule: Pick<Rule, 'arn' | 'name'>,
): string {
  const values = new Map<string, unknown>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', event.time],
    ['aws.events.event.json', event],
    // The event without what the sender has put into it.
    ['aws.events.event', { ...event, detail: undefined }],
    ...Object.entries(InputPathsMap).map(
      ([name, path]) => [name, compilePath(path)(event)] as [string, unknown],
    ),
  ])
  let inText = false
  return InputTemplate.replace(TOKEN, (token, name: string | undefined) => {
    if (token === '"') inText = !inText
    if (name === undefined || !values.has(name)) return token
    return inText ? within(values.get(name)) : (JSON.stringify(values.get(name)) ?? 'null')
  })
}

/** An escaped character, the begin or end of a text, a variable. */
const TOKEN = /\\.|"|<([\w.-]+)>/gs

/** A value inside a JSON text: a text as it is, anything else as JSON without quotes; one that is missing leaves nothing. */
function within(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return JSON.stringify(value).slice(1, -1)
  return JSON.stringify(value).replaceAll('"', '')
}
