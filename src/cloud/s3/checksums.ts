import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** The algorithms of S3's flexible checksums, by the name that clients give them; each gives the sum in bytes. */
export const algorithms: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  CRC32: bytes => word(crc32(bytes)),
  CRC32C: bytes => word(crc32c(bytes)),
  CRC64NVME: crc64nvme,
  SHA1: bytes => createHash('sha1').update(bytes).digest(),
  SHA256: bytes => createHash('sha256').update(bytes).digest(),
}

/** Base64, as it stands in headers. */
export const checksumOf = (algorithm: string, bytes: Buffer): string =>
  algorithms[algorithm]!(bytes).toString('base64')

/** What S3 takes of an object whose client says nothing about checksums. */
export const USUAL = 'CRC64NVME'

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

let table32: Uint32Array | undefined

/** Castagnoli's polynomial, reflected. */
function crc32c(bytes: Buffer): number {
  table32 ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
    return value >>> 0
  })
  let sum = 0xffffffff
  for (const byte of bytes) sum = table32[(sum ^ byte) & 0xff]! ^ (sum >>> 8)
  return (sum ^ 0xffffffff) >>> 0
}

let table64: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined

/** NVMe's CRC-64, reflected, in two halves: BigInt would take a hundred times as long. */
function crc64nvme(bytes: Buffer): Buffer {
  table64 ??= tableOf64()
  const { high: tableHigh, low: tableLow } = table64
  let [high, low] = [0xffffffff, 0xffffffff]
  for (const byte of bytes) {
    const place = (low ^ byte) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ tableLow[place]!
    high = (high >>> 8) ^ tableHigh[place]!
  }
  return Buffer.concat([word(high ^ 0xffffffff), word(low ^ 0xffffffff)])
}

function tableOf64() {
  const high = new Uint32Array(256)
  const low = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n
    high[byte] = Number(value >> 32n)
    low[byte] = Number(value & 0xffffffffn)
  }
  return { high, low }
}
