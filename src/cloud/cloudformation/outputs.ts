import { AwsError } from '../error.ts'
import { resolveDynamic } from './dynamic.ts'
import type { Output, StackRecord } from './history.ts'
import { evaluate } from './intrinsics.ts'
import type { Plan } from './plan.ts'
import { scopeOf, type Works } from './resources.ts'
import { TemplateProblem } from './template.ts'

/** Works out a stack's outputs, its resources being there. Throws `TemplateProblem`. */
export async function outputsOf(plan: Plan, stack: StackRecord, works: Works): Promise<readonly Output[]> {
  const scope = scopeOf(plan, stack)
  const outputs: Output[] = []
  for (const [key, { Value, Description, Export }] of plan.outputs) {
    const path = `Outputs.${key}`
    const value = await resolveDynamic(
      evaluate(Value, scope, `${path}.Value`),
      path,
      works.dynamic,
      works.caller,
    )
    const exportName = evaluate(Export?.Name, scope, `${path}.Export.Name`)
    outputs.push({
      key,
      value: asText(value, key, `${path}.Value`),
      ...(Description !== undefined && { description: Description }),
      ...(exportName !== undefined && { exportName: asText(exportName, key, `${path}.Export.Name`) }),
    })
  }
  return outputs
}

/** Throws CloudFormation's refusal when an export's name is taken, or when one that is in use is taken away or changed. */
export function exportsAreFree(
  stack: StackRecord,
  outputs: readonly Output[],
  others: readonly StackRecord[],
): void {
  for (const { exportName } of outputs) {
    const owner = others.find(other => exportName && other.outputs.some(one => one.exportName === exportName))
    if (owner) refuse(`Export with name ${exportName} is already exported by stack ${owner.stackName}.`)
  }
  for (const { exportName, value } of stack.outputs) {
    const users = exportName === undefined ? [] : others.filter(other => other.imports.has(exportName))
    if (users.length === 0) continue
    const names = users.map(({ stackName }) => stackName).join(' and ')
    const now = outputs.find(one => one.exportName === exportName)
    if (!now) refuse(`Export ${exportName} cannot be deleted as it is in use by ${names}`)
    if (now && now.value !== value) {
      refuse(`Cannot update export ${exportName} as it is in use by ${names}`)
    }
  }
}

function asText(value: unknown, key: string, path: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // Lists have to be joined by the template (words as AWS has them).
  throw new TemplateProblem(
    `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`,
    path,
  )
}

function refuse(message: string): never {
  throw new AwsError('ValidationError', message)
}
