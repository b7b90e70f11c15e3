import { lacking } from '../../lack.ts'
import type { Acting } from '../execution-role.ts'
import { invalidValue } from '../functions.ts'
import type { Destinations } from './destinations.ts'

/** Throws InvalidParameterValueException for a destination that is not there, not served here, or not for the function's role. */
export function checkDestination(arn: string, configuration: Acting, destinations: Destinations): void {
  const reason = destinations.unserved(arn)
  if (reason !== undefined) throw lacking(invalidValue(`DestinationConfig: ${reason}`))
  if (!destinations.exists(arn)) throw invalidValue(`The destination ARN ${arn} is invalid.`)
  const missing = destinations.missing(arn, configuration)
  if (missing) {
    throw invalidValue(`The function's execution role does not have permissions to call ${missing} on ${arn}`)
  }
}
