import type { Properties } from '../cloudformation/properties.ts'
import { AwsError } from '../error.ts'
import type { RestInput } from '../service.ts'

/** A request's body. Throws SerializationException for what is no JSON. */
export function bodyOf({ body }: RestInput): Properties {
  try {
    return JSON.parse(body.length > 0 ? body.toString() : '{}')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new AwsError('SerializationException', 'Could not parse request body into json.')
  }
}
