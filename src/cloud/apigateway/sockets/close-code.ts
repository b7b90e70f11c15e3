/**
 * The close code for what `ws` complains of (facts: A39, G3); `undefined` for a broken line, which is 1006 and nobody's to close.
 * What AWS does about a client that breaks the protocol was not captured; assumed: as RFC 6455 has it.
 */
export function closingOf(error: Error): number | undefined {
  const code = 'code' in error ? String(error.code) : ''
  // Zlib's names: what was sent as compressed is not.
  if (code.startsWith('Z_')) return 1007
  if (!code.startsWith('WS_ERR_')) return undefined
  return CODES[code] ?? 1002
}

const CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
}
