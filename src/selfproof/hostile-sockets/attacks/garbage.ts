import { type Attack, often } from '../attack.ts'
import { dial } from '../by-hand.ts'
import { dice } from '../dice.ts'

/** What is no HTTP and no TLS, half of it only begun, at the port that speaks both and at the one that speaks HTTP. */
export const garbage: Attack = {
  name: 'garbage and broken TLS',
  sizes: { reduced: 200, full: 10_000 },
  right: ['HTTP 400', 'hung up', 'nothing'],
  run({ quiet, door }, size) {
    return often(size, 20, n => {
      const roll = dice(n)
      const begun = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]
      const bytes = roll.pick([
        roll.bytes(2000),
        Buffer.from(`${roll.text(500)}\r\n\r\n`),
        Buffer.concat([Buffer.from([0x16, 3, 1, 0, 200]), roll.bytes(400)]),
        Buffer.from(begun.slice(0, 1 + roll.below(begun.length))),
        Buffer.from([0x80, 46, 1, 0, 2, ...roll.bytes(44)]),
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      ])
      return dial(roll.pick([quiet, door]), bytes).outcome(100)
    })
  },
}
