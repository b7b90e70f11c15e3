/** AWS's types of a parameter. */
export type ParameterType = 'String' | 'StringList' | 'SecureString'

/** One version of a parameter. */
export interface ParameterVersion {
  readonly version: number
  readonly value: string
  readonly type: ParameterType
  readonly modifiedAt: number
  /** The ARN of the caller that put it. */
  readonly modifiedBy: string
  readonly description?: string | undefined
  readonly allowedPattern?: string | undefined
  readonly keyId?: string | undefined
  readonly dataType: string
  readonly tier: string
}

/** A parameter with its versions, the current one last. */
export interface Parameter {
  readonly name: string
  readonly arn: string
  readonly versions: ParameterVersion[]
  readonly tags: Map<string, string>
}

export const currentOf = ({ versions }: Parameter): ParameterVersion => versions.at(-1)!
