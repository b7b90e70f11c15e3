import type { PolicyDocument } from '../iam/policy.ts'
import type { Matches } from '../lambda/event-sources/event-pattern.ts'
import type { Schedule } from './schedule.ts'

/** An event as it is matched and delivered. */
export interface BusEvent {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  /** In whole seconds. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: unknown
}

/** Where a rule sends what it matches, as the API has it. */
export interface Target {
  readonly Id: string
  readonly Arn: string
  readonly RoleArn?: string
  readonly Input?: string
  readonly InputPath?: string
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>
    readonly InputTemplate: string
  }
  readonly SqsParameters?: { readonly MessageGroupId?: string }
  readonly DeadLetterConfig?: { readonly Arn?: string }
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number
    readonly MaximumEventAgeInSeconds?: number
  }
}

/** A rule of a bus. */
export interface Rule {
  readonly name: string
  readonly arn: string
  readonly busName: string
  state: string
  description: string | undefined
  roleArn: string | undefined
  /** As it was given. */
  pattern: string | undefined
  matches: Matches | undefined
  /** As it was given. */
  expression: string | undefined
  schedule: Schedule | undefined
  readonly targets: Map<string, Target>
  readonly tags: Map<string, string>
}

/** What PutRule says of a rule. */
export interface RuleSettings {
  readonly name: string
  readonly pattern?: string | undefined
  readonly expression?: string | undefined
  readonly state?: string | undefined
  readonly description?: string | undefined
  readonly roleArn?: string | undefined
}

/** An event bus. */
export interface Bus {
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  modifiedAt: number
  description: string | undefined
  /** Who else may put events onto it. */
  policy: PolicyDocument | undefined
  readonly rules: Map<string, Rule>
  readonly tags: Map<string, string>
}

export const isEnabled = ({ state }: Pick<Rule, 'state'>): boolean => state.startsWith('ENABLED')
