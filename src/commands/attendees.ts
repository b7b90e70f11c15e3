import { readFile, writeFile } from 'node:fs/promises'
import { labs } from '../../labs/index.ts'
import { attendeeNeeds } from '../selfproof/attendee-needs.ts'
import { needsFile } from '../targets/aws/attendee-policy.ts'
import { distinct, type Need } from '../targets/aws/need.ts'
import { withSession } from './session.ts'
import { type Command, labNamed } from './usage.ts'

/** Notes what attendees need on AWS: the policy that doctor prints is made of it. For those who work on the kit. */
export const attendees: Command = {
  synopsis: '[<lab>]',
  about: 'finds out what labs need on AWS, for the policy of attendees (for those who work on the kit)',
  mostWords: 1,
  options: {},
  run: ({ words }) =>
    withSession(async ({ guardian }) => {
      const chosen = words[0] === undefined ? labs : [labNamed(words[0], labs)]
      const known: readonly Need[] =
        words[0] === undefined ? [] : JSON.parse(await readFile(needsFile, 'utf8'))
      // Of the others, what is known of them stays.
      const others = known.filter(({ by }) => !chosen.some(({ id }) => by.split('/').includes(id)))
      const needs = await attendeeNeeds(chosen, guardian, text => void process.stderr.write(text))
      await writeFile(needsFile, inLines(distinct([...others, ...needs])))
      process.stdout.write('Noted in src/targets/aws/attendee-needs.json.\n')
      return 0
    }),
}

/** As the formatter has it: a list of one stays in its line. */
const inLines = (needs: readonly Need[]): string =>
  `${JSON.stringify(needs, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`
