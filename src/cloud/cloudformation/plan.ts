import type { Account } from '../account.ts'
import { conditionOutcomes } from './conditions.ts'
import type { Scope } from './intrinsic.ts'
import type { Needs } from './order.ts'
import { references } from './references.ts'
import {
  dependsOn,
  type OutputDefinition,
  type ResourceDefinition,
  type Template,
  TemplateProblem,
} from './template.ts'

/** A template with its conditions decided: what is to be there, and what must come before what. */
export interface Plan {
  readonly template: Template
  readonly resources: ReadonlyMap<string, ResourceDefinition>
  readonly outputs: ReadonlyMap<string, OutputDefinition>
  readonly needs: Needs
  /** Names as they stand before any resource is looked at. */
  readonly scope: Omit<Scope, 'resource'>
}

/** What a stack knows beside its own template. */
export type Surroundings = Pick<
  Scope,
  'stackName' | 'stackId' | 'importValue' | 'stackOutput' | 'parameter'
> & {
  readonly account: Account
}

/** Decides the conditions and finds the dependencies. Throws `TemplateProblem`, also for a reference to a resource whose condition is false. */
export function makePlan(template: Template, surroundings: Surroundings): Plan {
  const known = { ...surroundings, mappings: template.Mappings ?? {} }
  const condition = conditionOutcomes(template, known)
  const wanted = ({ Condition }: { readonly Condition?: string }) =>
    Condition === undefined || condition(Condition) === true
  const resources = new Map(Object.entries(template.Resources).filter(([, one]) => wanted(one)))
  const outputs = new Map(Object.entries(template.Outputs ?? {}).filter(([, one]) => wanted(one)))
  outputsAreThere(outputs, template, resources, condition)
  return {
    template,
    resources,
    outputs,
    needs: new Map([...resources].map(([id, one]) => [id, needsOf(id, one, template, resources, condition)])),
    scope: { ...known, condition },
  }
}

/** An output that refers to a resource whose condition is false. AWS says it without `Template format error`. */
function outputsAreThere(
  outputs: Plan['outputs'],
  template: Template,
  resources: Plan['resources'],
  condition: (name: string) => boolean | undefined,
): void {
  const missing = [...outputs].flatMap(([key, output]) =>
    references([output.Value, output.Export], `Outputs.${key}`, condition).filter(
      ({ kind, name }) =>
        (kind === 'Ref' || kind === 'GetAtt' || kind === 'Sub') &&
        Object.hasOwn(template.Resources, name) &&
        !resources.has(name),
    ),
  )
  if (missing.length === 0) return
  const names = [...new Set(missing.map(({ name }) => name))].join(', ')
  throw new TemplateProblem(
    `Unresolved resource dependencies [${names}] in the Outputs block of the template`,
    missing[0]!.path,
  )
}

function needsOf(
  logicalId: string,
  resource: ResourceDefinition,
  template: Template,
  resources: ReadonlyMap<string, ResourceDefinition>,
  condition: (name: string) => boolean | undefined,
): ReadonlySet<string> {
  // A DependsOn on a resource whose condition is false is dropped, as CloudFormation does.
  const needs = new Set(dependsOn(resource).filter(name => resources.has(name)))
  for (const { kind, name, path } of references(
    resource.Properties,
    `Resources.${logicalId}.Properties`,
    condition,
  )) {
    if (kind !== 'Ref' && kind !== 'GetAtt' && kind !== 'Sub') continue
    if (resources.has(name)) needs.add(name)
    else if (Object.hasOwn(template.Resources, name)) {
      throw new TemplateProblem(
        `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
        path,
      )
    }
  }
  return needs
}
