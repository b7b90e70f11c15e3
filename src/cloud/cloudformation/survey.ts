import { besideLines, idleHelpers, isBeside } from './beside.ts'
import { parametersComplete } from './parameters.ts'
import {
  type Abilities,
  allNestedIn,
  type Refusal,
  refusalLine,
  refusalsOf,
  type Surveyed,
} from './refusals.ts'
import { leaveOut } from './skip.ts'
import type { Survey } from './surveyed.ts'
import { validate } from './validate.ts'

/** Everything that cannot be run, at once. Nothing has been started. */
export class Unsupported extends Error {
  readonly refusals: readonly Refusal[]
  /** A line each: `Chat/Site: AWS::CloudFront::Distribution`, `Chat/Room: AWS::DynamoDB::Table (KinesisStreamSpecification)`. */
  readonly lines: readonly string[]

  constructor(refusals: readonly Refusal[]) {
    const lines = refusals.map(refusalLine)
    super(`Not supported by the local cloud:\n${lines.map(line => `  ${line}`).join('\n')}`)
    this.name = 'Unsupported'
    this.refusals = refusals
    this.lines = lines
  }
}

/**
 * Looks through all stacks before any is started. Throws `Unsupported` with everything that cannot be run, or, with
 * `skipUnsupported`, leaves it out together with what refers to it. What only stands beside a WebSocket app is left out in any
 * case, unless `strict`. Throws `TemplateProblem` for a template that no CloudFormation would take.
 */
export function survey<S extends Surveyed>(
  stacks: readonly S[],
  given: Abilities & { readonly skipUnsupported?: boolean; readonly strict?: boolean },
): Survey<S> {
  const abilities = given.strict ? { ...given, types: withoutBeside(given.types) } : given
  // A stack without resources beside others is passed over, as `cdk deploy` does; alone it is a template error.
  const full = stacks.filter(({ template }) => Object.keys(template.Resources ?? {}).length > 0)
  const worth = full.length > 0 ? full : stacks
  const passedOver = stacks
    .filter(one => !worth.includes(one))
    .map(one => `${one.stackName}: has no resources`)
  for (const { template, parameters = {} } of worth) {
    validate(template)
    parametersComplete(template, parameters)
  }
  const found = worth.flatMap(stack => refusalsOf(stack, abilities))
  const refusals = [...found, ...idleHelpers(worth, found)]
  const nested = worth.flatMap(stack => allNestedIn(stack, abilities))
  const notRun = besideLines([...worth, ...nested], abilities.types)
  if (refusals.length === 0) return { stacks: worth, leftOut: [...passedOver, ...notRun] }
  const matter = abilities.strict ? found : refusals.filter(one => !isBeside(one, worth))
  if (matter.length > 0 && !abilities.skipUnsupported) throw new Unsupported(matter)
  const { stacks: left, leftOut } = leaveOut(worth, refusals, abilities.account)
  return { stacks: left, leftOut: [...passedOver, ...notRun, ...leftOut] }
}

const withoutBeside = (types: Abilities['types']): Abilities['types'] =>
  new Map([...types].filter(([, { takesAnything }]) => !takesAnything))
