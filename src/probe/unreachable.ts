/** No connection came about between the check and the stack. That is the network's fault or ours, never the stack's. */
export class Unreachable extends Error {
  constructor(address: string, cause: Error) {
    super(`There is no connection to ${address}: ${cause.message || codeIn(cause)}`, { cause })
    this.name = 'Unreachable'
  }
}

/** The system's and OpenSSL's codes for a connection that does not come about, or breaks. */
const NETWORK =
  /^(ENOTFOUND|EAI_\w+|ECONN(REFUSED|RESET|ABORTED)|EPIPE|EPROTO|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|UND_ERR_(SOCKET|CONNECT_TIMEOUT)|ERR_(TLS|SSL)_\w+|\w*CERT\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/

/** The code of a broken connection, in the error itself or in one of its causes. */
export function networkCode(error: unknown): string | undefined {
  let at = error
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const code = codeIn(at)
    if (code && NETWORK.test(code)) return code
    at = at instanceof AggregateError ? at.errors[0] : at.cause
  }
  return undefined
}

const codeIn = (error: Error): string | undefined => {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : undefined
}
