import { writeFile } from 'node:fs/promises'
import { labs } from '../../labs/index.ts'
import { attendeeNeeds } from '../selfproof/attendee-needs.ts'
import { needsFile } from '../targets/aws/attendee-policy.ts'
import type { Need } from '../targets/aws/need.ts'
import { withSession } from './session.ts'
import type { Command } from './usage.ts'

/** Notes what attendees need on AWS: the policy that doctor prints is made of it. For those who work on the kit. */
export const attendees: Command = {
  synopsis: '',
  about: 'finds out what labs need on AWS, for the policy of attendees (for those who work on the kit)',
  options: {},
  run: () =>
    withSession(async ({ guardian }) => {
      const needs = await attendeeNeeds(labs, guardian, text => void process.stderr.write(text))
      await writeFile(needsFile, inLines(needs))
      process.stdout.write(`Noted ${needs.length} needs in src/targets/aws/attendee-needs.json.\n`)
      return 0
    }),
}

/** As the formatter has it: a list of one stays in its line. */
const inLines = (needs: readonly Need[]): string =>
  `${JSON.stringify(needs, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`
