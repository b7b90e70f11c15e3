import { constants, deflateRawSync } from 'node:zlib'
import { type Attack, often, together } from '../attack.ts'
import { DEFLATE, push, shake } from '../by-hand.ts'
import { COMPRESSED, frame, TEXT, TEXT_BEGINS, TEXT_ENDS, TEXT_GOES_ON } from '../frame.ts'

const MB = 1024 * 1024
/** A megabyte as a kilobyte that may be repeated: each begins anew. */
const kilobyte = deflateRawSync(Buffer.alloc(MB, 0x20), { finishFlush: constants.Z_FULL_FLUSH })
/** 32 KB, the most that may be in one frame, in fifty bytes. */
const small = deflateRawSync(Buffer.alloc(32_000, 0x20), { finishFlush: constants.Z_FULL_FLUSH }).subarray(
  0,
  -4,
)

/** A gigabyte in a megabyte: in one frame, and in frames of the size that is allowed (facts: G3). */
export const bombs: Attack = {
  name: 'compressed bombs (a gigabyte each)',
  sizes: { reduced: 2, full: 50 },
  right: ['close 1009'],
  async run({ quiet }, size) {
    const megabyte = Buffer.concat(Array.from({ length: 1024 }, () => kilobyte))
    const whole = frame(TEXT | COMPRESSED, megabyte)
    const parts = Math.floor(megabyte.length / 32_000)
    const cut = Buffer.concat(
      Array.from({ length: parts }, (_, n) =>
        frame(
          n === 0 ? TEXT_BEGINS | COMPRESSED : n === parts - 1 ? TEXT_ENDS : TEXT_GOES_ON,
          megabyte.subarray(n * 32_000, (n + 1) * 32_000),
        ),
      ),
    )
    const throwIt = (bomb: Buffer) => () => thrown(quiet, bomb)
    return together(await often(size, 10, throwIt(whole)), await often(size, 10, throwIt(cut)))
  },
}

/** Many that are as large as they may be, where each keeps a function busy for a while. */
export const smallBombs: Attack = {
  name: 'small bombs (32 KB each)',
  sizes: { reduced: 1000, full: 100_000 },
  right: ['close 1008', 'nothing'],
  run({ busy }, size) {
    const thousand = Buffer.concat(Array.from({ length: 1000 }, () => frame(TEXT | COMPRESSED, SLOW)))
    return often(size / 1000, 20, () => thrown(busy, thousand, 2000))
  },
}

const SLOW = deflateRawSync(`{"action":"slow","text":"${' '.repeat(32_000)}"}`, {
  finishFlush: constants.Z_FULL_FLUSH,
}).subarray(0, -4)

async function thrown(url: string, bomb: Buffer, patience?: number): Promise<string> {
  const client = shake(url, DEFLATE)
  await client.opened
  await push(client, bomb)
  return client.outcome(patience)
}

/** Many that are as large as they may be, answered at once. */
export const quickBombs: Attack = {
  name: 'small bombs, answered at once',
  sizes: { reduced: 1000, full: 50_000 },
  right: ['nothing'],
  run({ quiet }, size) {
    const hundred = Buffer.concat(Array.from({ length: 100 }, () => frame(TEXT | COMPRESSED, small)))
    return often(size / 100, 20, () => thrown(quiet, hundred, 500))
  },
}
