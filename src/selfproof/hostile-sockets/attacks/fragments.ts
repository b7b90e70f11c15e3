import { type Attack, often, together } from '../attack.ts'
import { push, shake } from '../by-hand.ts'
import { frame, TEXT_BEGINS, TEXT_ENDS, TEXT_GOES_ON } from '../frame.ts'

/** Storms of 100,000 fragments, empty ones and such of a byte; and messages of 128 KB and a little in a hundred of them (facts: G3). */
export const fragments: Attack = {
  name: 'fragment storms (100,000 each)',
  sizes: { reduced: 2, full: 100 },
  right: ['close 1008', 'close 1009'],
  async run({ quiet }, size) {
    const storm = (each: string) => {
      const thousand = Buffer.concat(Array.from({ length: 1000 }, () => frame(TEXT_GOES_ON, each)))
      return often(size, 10, async () => {
        const client = shake(quiet)
        await client.opened
        await push(client, frame(TEXT_BEGINS, each))
        for (let n = 0; n < 100 && (await push(client, thousand)); n++);
        return client.outcome()
      })
    }
    const tooLong = Buffer.concat([
      frame(TEXT_BEGINS, 'x'),
      ...Array.from({ length: 128 }, () => frame(TEXT_GOES_ON, 'x'.repeat(1024))),
      frame(TEXT_ENDS, 'x'),
    ])
    const long = await often(size, 10, async () => {
      const client = shake(quiet)
      await client.opened
      await push(client, tooLong)
      return client.outcome()
    })
    return together(await storm(''), await storm('x'), long)
  },
}
