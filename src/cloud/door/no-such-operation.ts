import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'
import type { Service, WireRequest } from '../service.ts'
import { askedFor } from './asked-for.ts'

const LACKING = 'The local cloud has no operation'

/** Whether an error says no more than that: who knows the service and the operation has read it. */
export const isNoSuchOperation = ({ message }: { readonly message: string }): boolean =>
  message.startsWith(LACKING)

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
    new AwsError(
      code,
      `${LACKING} ${askedFor(wire, signingName)} of the service "${signingName}". Nothing was sent to AWS.`,
      status,
      members,
    ),
  )
