import type { StackRequest } from '../goal.ts'
import { type Input, isTrue, listOf, refusal } from './members.ts'

/** Members of a request that only say what is so here anyway: they are let through, anything else they may say is refused. */
export const COMMON = [
  'StackName',
  'TemplateBody',
  'TemplateURL',
  'Parameters',
  'Capabilities',
  'Tags',
  'DeploymentConfig',
  'RoleARN',
]

/** The parameters that a call gives, and the names of those that are to stay as they are. */
export function parametersIn({
  Parameters,
}: Input): Required<Pick<StackRequest, 'parameters' | 'keptParameters'>> {
  const given = listOf(Parameters)
  for (const { ParameterKey, ParameterValue, UsePreviousValue } of given) {
    if (ParameterValue !== undefined && isTrue(UsePreviousValue)) {
      throw refusal(
        `Invalid input for parameter key ${ParameterKey}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      )
    }
    if (ParameterValue === undefined && !isTrue(UsePreviousValue)) {
      throw refusal(
        `Invalid input for parameter key ${ParameterKey}. Must specify either a value or usePreviousValue for a parameter.`,
      )
    }
  }
  const kept = given.filter(({ UsePreviousValue }) => isTrue(UsePreviousValue))
  const values = given.filter(one => !kept.includes(one))
  return {
    parameters: Object.fromEntries(values.map(one => [one.ParameterKey, one.ParameterValue])),
    keptParameters: kept.map(({ ParameterKey }) => ParameterKey),
  }
}

/** The tags that a call gives; undefined when it says nothing of tags. */
export function tagsIn({ Tags }: Input): Readonly<Record<string, string>> | undefined {
  if (Tags === undefined) return
  return Object.fromEntries(listOf(Tags).map(({ Key, Value }) => [Key, Value ?? '']))
}

/** Condition keys of a call that makes or changes a stack. */
export function contextOf(input: Input): Readonly<Record<string, string | readonly string[]>> {
  const tags = Object.entries(tagsIn(input) ?? {})
  return {
    ...(input.TemplateURL && { 'cloudformation:TemplateUrl': input.TemplateURL }),
    ...(input.RoleARN && { 'cloudformation:RoleArn': input.RoleARN }),
    ...(input.ChangeSetName && { 'cloudformation:ChangeSetName': input.ChangeSetName }),
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(([key]) => key) }),
  }
}

/** Refuses a way of deploying that is not the ordinary one. */
export function isOrdinary({ DeploymentConfig }: Input): void {
  const { Mode = 'STANDARD', ...more } = DeploymentConfig || {}
  const others = [...(Mode === 'STANDARD' ? [] : [`Mode ${Mode}`]), ...Object.keys(more)]
  if (others.length > 0) {
    throw refusal(`DeploymentConfig: ${others.join(', ')} is not supported by the local cloud.`)
  }
}
