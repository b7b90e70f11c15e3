import { type Template, TemplateProblem } from '../template.ts'

/**
 * Throws CloudFormation's refusal of resource types that it does not have.
 *
 * AWS knows its types by name. Here a type that looks like one of AWS's, or is a custom resource, is taken as one:
 * whether the local cloud has it is said later, in its own words.
 */
export function recognized({ Resources }: Template): void {
  const types = new Set(Object.values(Resources).map(({ Type }) => Type))
  const unknown = [...types].filter(
    type => !/^(AWS|Alexa)::\w+::\w+(::MODULE)?$|^Custom::[\w@-]+$/.test(type),
  )
  if (unknown.length > 0) {
    throw new TemplateProblem(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`)
  }
}
