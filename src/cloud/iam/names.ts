import { AwsError } from '../error.ts'

/** Throws `ValidationError` for a name IAM would not take: up to `maxLength` letters, digits and `+=,.@-_`. */
export function checkName(parameter: string, name: string, maxLength: number): void {
  if (name.length < 1 || name.length > maxLength) {
    throw validationError(parameter, name, `Member must have length less than or equal to ${maxLength}`)
  }
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(parameter, name, 'Member must satisfy regular expression pattern: [\\w+=,.@-]+')
  }
}

/** The sentence AWS's validators begin everything with. */
export const validationError = (parameter: string, value: string, constraint: string) =>
  new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: ${constraint}`,
  )

export const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', message, 404)

export const deleteConflict = (message: string) => new AwsError('DeleteConflict', message, 409)
