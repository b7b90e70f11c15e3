import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'
import type { Service, WireRequest } from '../service.ts'
import { askedFor } from './asked-for.ts'

/** An operation is missing. Its message names service and operation, and says no more. */
export class NoSuchOperation extends AwsError {}

/**
 * The refusal of an operation that a service does not have here. AWS says as much with the same code, and no more; here
 * the message names both.
 */
export const noSuchOperation = (
  { signingName }: Pick<Service, 'signingName'>,
  wire: WireRequest,
  code: string,
  status = 400,
  members: Readonly<Record<string, unknown>> = {},
): AwsError =>
  lacking(
    new NoSuchOperation(
      code,
      `The local cloud has no operation ${askedFor(wire, signingName)} of the service "${signingName}". Nothing was sent to AWS.`,
      status,
      members,
    ),
  )
