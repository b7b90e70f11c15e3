/** Opcodes with the bit for a last frame. */
export const TEXT = 0x81
export const CLOSE = 0x88
export const PING = 0x89
/** Opcodes without it. */
export const TEXT_BEGINS = 0x01
export const TEXT_GOES_ON = 0x00
/** The last frame of a message in several. */
export const TEXT_ENDS = 0x80
/** The bit for a compressed message. */
export const COMPRESSED = 0x40

/** A masked frame, its first byte as it is given; the mask is zero. */
export function frame(first: number, payload: string | Uint8Array = ''): Buffer {
  const body = Buffer.from(payload as string)
  return Buffer.concat([head(first, BigInt(body.length)), body])
}

/** A masked frame without its payload. */
export function head(first: number, length: bigint): Buffer {
  if (length < 126n) return Buffer.from([first, 0x80 | Number(length), 0, 0, 0, 0])
  const bytes = Buffer.alloc(length < 65_536n ? 8 : 14)
  bytes[0] = first
  bytes[1] = bytes.length === 8 ? 0xfe : 0xff
  if (bytes.length === 8) bytes.writeUInt16BE(Number(length), 2)
  else bytes.writeBigUInt64BE(length, 2)
  return bytes
}

/** A close frame. */
export function close(code: number, reason: string | Uint8Array = ''): Buffer {
  return frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason as string)]))
}
