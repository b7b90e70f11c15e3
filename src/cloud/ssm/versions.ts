import { AwsError } from '../error.ts'
import { currentOf, type Parameter, type ParameterVersion } from './parameter.ts'

/** The version that a name asks for, `/a:3`; the current one if it asks for none. Throws `ParameterVersionNotFound`. */
export function versionNamed(parameter: Parameter, name: string): ParameterVersion {
  const [, selector] = /:([^:/]+)$/.exec(name.replace(/^arn:.*:parameter/, '')) ?? []
  if (selector === undefined) return currentOf(parameter)
  const found = parameter.versions.find(({ version }) => String(version) === selector)
  if (found) return found
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${parameter.name}. Verify the version and try again.`,
  )
}
