/** The moments at which a pool calls a function, by their names in `LambdaConfig`. */
export type Trigger =
  | 'PreSignUp'
  | 'PostConfirmation'
  | 'PreAuthentication'
  | 'PostAuthentication'
  | 'PreTokenGeneration'
  | 'CustomMessage'
  | 'UserMigration'

/** A pool's functions, and the version of the event that each is given. */
export type Functions = Partial<Record<Trigger, { readonly arn: string; readonly version: '1' | '2' | '3' }>>

/** A pool's functions, as `LambdaConfig` has them. */
export function functionsIn(config: Readonly<Record<string, any>> = {}): Functions {
  const { PreTokenGeneration, PreTokenGenerationConfig: tokens } = config
  const simple = ['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'CustomMessage']
  const named = [...simple, 'UserMigration'].filter(name => config[name])
  const version = ({ V2_0: '2', V3_0: '3' } as const)[String(tokens?.LambdaVersion)] ?? '1'
  return {
    ...Object.fromEntries(named.map(name => [name, { arn: config[name], version: '1' }])),
    ...(PreTokenGeneration && { PreTokenGeneration: { arn: PreTokenGeneration, version: '1' } }),
    ...(tokens?.LambdaArn && { PreTokenGeneration: { arn: tokens.LambdaArn, version } }),
  }
}

/** Triggers that are not run here, by their names in `LambdaConfig`. */
export const triggersNotRun = (config: Readonly<Record<string, any>> = {}): readonly string[] =>
  Object.keys(config).filter(name => !KNOWN.includes(name))

const KNOWN = [
  ...['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'CustomMessage'],
  ...['UserMigration', 'PreTokenGeneration', 'PreTokenGenerationConfig'],
]
