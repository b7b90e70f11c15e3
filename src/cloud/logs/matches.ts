import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'

/** Whether a message is one of those asked for. */
export type Matches = (message: string) => boolean

/** Says by name what the cloud does not have. */
export const unsupported = (what: string) =>
  lacking(
    new AwsError(
      'InvalidParameterException',
      `Filter patterns: ${what} are not supported by this local cloud`,
    ),
  )
