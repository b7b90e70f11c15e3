import { type Attack, often } from '../attack.ts'
import { push, shake } from '../by-hand.ts'
import { type Dice, dice } from '../dice.ts'
import { close, frame, head, PING, TEXT, TEXT_BEGINS, TEXT_ENDS } from '../frame.ts'

/** Ways to break RFC 6455, each with the code that the cloud closes with (facts: A39, C22, G3; assumed: 1002 and 1007 as the RFC has it). */
const kinds: readonly (readonly [string, (dice: Dice) => Buffer])[] = [
  ['close 1002', roll => frame(TEXT | (roll.pick([0x10, 0x20, 0x30, 0x40]) as number), roll.text(200))],
  [
    'close 1002',
    roll => frame(0x80 | (roll.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) as number), roll.text(100)),
  ],
  ['close 1002', roll => unmasked(roll.text(100))],
  ['close 1002', roll => frame(TEXT_ENDS, roll.text(100))],
  ['close 1002', roll => Buffer.concat([frame(TEXT_BEGINS, roll.text(100)), frame(TEXT, roll.text(100))])],
  ['close 1002', roll => frame(PING, roll.text(100).padEnd(126 + roll.below(70_000), 'x'))],
  ['close 1002', roll => frame(roll.pick([0x08, 0x09, 0x0a]), 'x')],
  ['close 1002', () => frame(0x88, 'x')],
  ['close 1002', roll => close(roll.pick([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535]))],
  ['close 1003', roll => frame(0x82, roll.bytes(100))],
  ['close 1007', roll => frame(TEXT, notText(roll))],
  ['close 1007', roll => Buffer.concat([frame(TEXT_BEGINS, notText(roll)), frame(TEXT_ENDS, roll.text(10))])],
  ['close 1007', () => Buffer.concat([frame(TEXT_BEGINS, Buffer.from([0xe2, 0x82])), frame(TEXT_ENDS, '(')])],
  ['close 1007', roll => close(1000, notText(roll))],
  [
    'close 1009',
    roll => head(TEXT, roll.pick([32_769n, 131_073n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])),
  ],
]

/** Frames that are none, each to a connection of its own. */
export const malformedFrames: Attack = {
  name: 'malformed frames',
  sizes: { reduced: 300, full: 20_000 },
  right: ['as it should'],
  run({ quiet }, size) {
    return often(size, 20, async n => {
      const roll = dice(n)
      const [right, make] = roll.pick(kinds)
      const client = shake(quiet)
      await client.opened
      await push(client, make(roll))
      const outcome = await client.outcome()
      return outcome === right ? 'as it should' : `${outcome} instead of ${right} (seed ${n})`
    })
  },
}

/** Bytes that nobody has thought about, and an end in the middle of a frame. Nobody says what has to come back. */
export const noise: Attack = {
  name: 'noise, then hang up',
  sizes: { reduced: 200, full: 20_000 },
  right: [
    'close 1002',
    'close 1003',
    'close 1007',
    'close 1008',
    'close 1009',
    'close 1005',
    'nothing',
    'hung up',
  ],
  run({ quiet }, size) {
    return often(size, 20, async n => {
      const roll = dice(n)
      const client = shake(quiet)
      await client.opened
      const cut = frame(TEXT, roll.text(1000))
      await push(client, roll.pick([roll.bytes(3000), cut.subarray(0, 1 + roll.below(cut.length - 1))]))
      return client.outcome(roll.below(20))
    })
  },
}

const unmasked = (text: string) => Buffer.concat([Buffer.from([TEXT, text.length]), Buffer.from(text)])

/** Text with something in it that UTF-8 does not have. */
const notText = (roll: Dice) =>
  Buffer.concat([
    Buffer.from(roll.text(50)),
    Buffer.from(
      roll.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3, 0x28]]),
    ),
    Buffer.from(roll.text(40)),
  ])
