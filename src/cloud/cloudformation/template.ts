import { AwsError } from '../error.ts'

/** A CloudFormation template as JSON has it, with intrinsics not yet worked out. */
export interface Template {
  readonly Description?: string
  readonly Transform?: string | readonly string[]
  readonly Metadata?: Readonly<Record<string, unknown>>
  readonly Parameters?: Readonly<Record<string, ParameterDefinition>>
  readonly Rules?: Readonly<Record<string, unknown>>
  readonly Mappings?: Readonly<Record<string, unknown>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<Record<string, ResourceDefinition>>
  readonly Outputs?: Readonly<Record<string, OutputDefinition>>
  readonly [section: string]: unknown
}

/** One member of `Parameters`. */
export interface ParameterDefinition {
  readonly Type: string
  readonly Default?: unknown
  readonly Description?: string
  readonly NoEcho?: boolean | string
  readonly AllowedValues?: readonly unknown[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinLength?: number | string
  readonly MaxLength?: number | string
  readonly MinValue?: number | string
  readonly MaxValue?: number | string
}

/** One member of `Resources`. */
export interface ResourceDefinition {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DependsOn?: string | readonly string[]
  readonly Condition?: string
  readonly Metadata?: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly UpdatePolicy?: unknown
  readonly CreationPolicy?: unknown
}

/** One member of `Outputs`. */
export interface OutputDefinition {
  readonly Value: unknown
  readonly Description?: string
  readonly Condition?: string
  readonly Export?: { readonly Name: unknown }
}

/**
 * A template that says something it may not: CloudFormation's `ValidationError`, in its own words.
 * `path` is the place, as CloudFormation does not tell it: `Resources.Say.Properties.Role`.
 */
export class TemplateProblem extends AwsError {
  readonly path: string

  constructor(message: string, path = '') {
    super('ValidationError', message)
    this.path = path
  }

  /** The resource in which the problem lies, where it lies in one. */
  get logicalId(): string | undefined {
    const [section, logicalId] = this.path.split('.')
    return section === 'Resources' ? logicalId : undefined
  }
}

/** Tells a JSON object from a list and from everything plain. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The resource's own `DependsOn`, as a list. */
export const dependsOn = ({ DependsOn = [] }: ResourceDefinition): readonly string[] =>
  typeof DependsOn === 'string' ? [DependsOn] : DependsOn
