import { lacking } from '../lack.ts'
import { type Matches, readPattern } from '../lambda/event-sources/event-pattern.ts'
import type { OnBehalf } from '../on-behalf.ts'
import { invalid, invalidPattern } from './errors.ts'
import { isBus } from './forward.ts'
import type { Bus, RuleSettings, Target } from './rule.ts'

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']
/** Throws `ValidationException`. */
export function checkRule({ name, pattern, expression, state = 'ENABLED' }: RuleSettings, bus: Bus): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    )
  }
  if (!STATES.includes(state)) {
    throw invalid(
      `1 validation error detected: Value '${state}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [${STATES.join(', ')}]`,
    )
  }
  if (pattern === undefined && expression === undefined) {
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  }
  if (expression !== undefined && bus.name !== 'default') {
    throw invalid('ScheduleExpression is supported only on the default event bus.')
  }
}

/** Reads an event pattern. Throws `InvalidEventPatternException`. */
export function patternOf(text: string): Matches {
  const json = jsonOf(text)
  if (json === undefined) throw invalidPattern('Invalid JSON')
  try {
    return readPattern(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw invalidPattern(error.message)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

/** Throws `ValidationException`. */
export function checkTarget(
  { Id, Arn, RoleArn, Input, InputPath, InputTransformer }: Target,
  onBehalf: OnBehalf,
): void {
  if (!/^arn:[^:]+:[^:]+:/.test(Arn)) {
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`)
  }
  if (isBus(Arn) && RoleArn === undefined) throw invalid(`RoleArn is required for target ${Arn}.`)
  if (!isBus(Arn) && !onBehalf.serves(Arn)) throw lacking(invalid(unserved(Arn)))
  if ([Input, InputPath, InputTransformer].filter(one => one !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`)
  }
  if (Input !== undefined && jsonOf(Input) === undefined)
    throw invalid('JSON syntax error in input for target')
  if (InputTransformer && InputTransformer.InputTemplate === undefined)
    throw invalid(`Parameter InputTemplate is required for target ${Id}.`)
}

/** Why a target is not served here. */
export const unserved = (arn: string): string =>
  `Targets of ${arn.split(':')[2]} are not supported here: functions, queues, topics and buses are.`
