import { AwsError } from '../../error.ts'

/** Hosts of the real AWS, which nothing here may reach. */
const AWS_HOST = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|on\.aws)$/i

/**
 * The address of an HTTP backend.
 * Throws `AwsError` in the words of AWS's execution log for what is none, and in ours for the real AWS: nothing leaves this machine for it.
 */
export function endpointUrl(uri: string): URL {
  // A path parameter that nothing was mapped to.
  const isWhole = !/\{[^}]*\}/.test(uri)
  if (!isWhole || !URL.canParse(uri) || !/^https?:/i.test(uri)) {
    throw new AwsError('InternalServerErrorException', 'Invalid endpoint address', 500)
  }
  const url = new URL(uri)
  const host = url.hostname.replace(/\.$/, '')
  if (AWS_HOST.test(host)) {
    throw new AwsError(
      'InternalServerErrorException',
      `${host} is a host of AWS, and the local cloud sends nothing there`,
      500,
    )
  }
  return url
}
