import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'

/** A refusal as Cognito writes it: code and message stand in headers as well, where browsers' clients read them. */
export const refusal = (code: string, message: string) =>
  new AwsError(code, message, 400, {
    headers: { 'x-amzn-errortype': `${code}:`, 'x-amzn-errormessage': message.replace(/[^\x20-\x7e]/g, ' ') },
  })

export const invalid = (message: string) => refusal('InvalidParameterException', message)
export const notAuthorized = (message: string) => refusal('NotAuthorizedException', message)
export const notFound = (message: string) => refusal('ResourceNotFoundException', message)
export const expiredCode = () =>
  refusal('ExpiredCodeException', 'Invalid code provided, please request a code again.')

/** What the Admin operations, and clients that tell who exists, say of somebody who does not. */
export const noSuchUser = () => refusal('UserNotFoundException', 'User does not exist.')

/** The same answer for a wrong name and a wrong password. */
export const incorrect = () => notAuthorized('Incorrect username or password.')

/** Something that AWS has and this cloud has not; it is refused by name, never ignored. */
export const notHere = (what: string) => lacking(invalid(`${what} is not supported by the local cloud`))
