import type { Scope } from './intrinsic.ts'
import type { Plan } from './plan.ts'
import { references } from './references.ts'
import type { ResourceType } from './resource.ts'
import { type Template, TemplateProblem } from './template.ts'

/** Whether AWS has the attribute, as far as the type says. A path into an attribute counts as the attribute. */
export const hasAttribute = ({ attributes, lacks = [] }: ResourceType, name: string): boolean =>
  !attributes || [...attributes, ...lacks].some(one => name === one || name.startsWith(`${one}.`))

/** Where attributes are asked for. */
export interface Asked {
  readonly template: Template
  readonly scope: Scope
  typeOf(name: string): ResourceType | undefined
}

/** Attributes that a known type has on AWS, and not here. */
export const lackingAttributes = (value: unknown, path: string, asked: Asked): readonly string[] =>
  attributesIn(value, path, asked, ({ lacks = [] }, name) =>
    lacks.some(one => name === one || name.startsWith(`${one}.`)),
  )

/** Attributes that a known type does not have on AWS either. */
export const strayAttributes = (value: unknown, path: string, asked: Asked): readonly string[] =>
  attributesIn(value, path, asked, (type, name) => !hasAttribute(type, name))

function attributesIn(
  value: unknown,
  path: string,
  { template, scope, typeOf }: Asked,
  isMeant: (type: ResourceType, name: string) => boolean,
): readonly string[] {
  return references(value, path, scope.condition).flatMap(({ name, attribute }) => {
    const type = attribute === undefined ? undefined : typeOf(template.Resources[name]?.Type ?? '')
    return type && isMeant(type, attribute!) ? [`the attribute ${attribute} of ${name}, ${type.type}`] : []
  })
}

/**
 * Throws CloudFormation's refusal of an output that asks for an attribute that there is not. CloudFormation takes the
 * template, and rolls back before it has made anything.
 */
export function outputAttributesExist(
  { outputs, resources, scope }: Plan,
  types: ReadonlyMap<string, ResourceType>,
): void {
  for (const [key, { Value }] of outputs) {
    for (const { kind, name, attribute } of references(Value, `Outputs.${key}`, scope.condition)) {
      const type = attribute === undefined ? undefined : types.get(resources.get(name)?.Type ?? '')
      if (!type || hasAttribute(type, attribute!)) continue
      const how = kind === 'Sub' ? 'Fn::Sub' : 'Fn::GetAtt'
      throw new TemplateProblem(
        `[Error] /Outputs/${key}/Value/${how}: Resource type ${type.type} does not support attribute {${attribute}}.`,
        `Outputs.${key}`,
      )
    }
  }
}
