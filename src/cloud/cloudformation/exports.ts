import { AwsError } from '../error.ts'
import type { StackRecord } from './history.ts'

/** A member of `ListExports`. */
export interface Export {
  readonly name: string
  readonly value: string
  readonly exportingStackId: string
  readonly exportingStackName: string
  /** The names of the stacks that use it. */
  readonly importedBy: readonly string[]
}

/** What a stack exports, and who among `all` uses it. */
export function exportsOf(stack: StackRecord, all: readonly StackRecord[]): readonly Export[] {
  return stack.outputs.flatMap(({ exportName, value }) => {
    if (exportName === undefined) return []
    const users = all.filter(({ imports }) => imports.has(exportName))
    return [
      {
        name: exportName,
        value,
        exportingStackId: stack.stackId,
        exportingStackName: stack.stackName,
        importedBy: users.map(({ stackName }) => stackName),
      },
    ]
  })
}

/** A stack that may not go yet: others use what it exports. CloudFormation notes it down, and leaves the stack as it is. */
export class ExportInUse extends AwsError {
  constructor({ name, importedBy }: Export) {
    super(
      'ValidationError',
      `Export ${name} cannot be deleted as it is in use by ${importedBy.join(' and ')}`,
    )
  }
}
