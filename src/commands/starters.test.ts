import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { labs } from '../../labs/index.ts'
import { asStored, publishedStarter, storedStarter } from '../run/published-starter.ts'
import { starterAsItStands } from './starters.ts'

test.for(labs.map(lab => lab.id))(
  'the stored starter of %s is starter/ to the letter (npm run starters stores it anew)',
  async lab => {
    const now = await starterAsItStands(lab)
    expect(await readFile(storedStarter(lab), 'utf8')).toBe(asStored(now))
    expect(Object.fromEntries(await publishedStarter(lab))).toEqual(Object.fromEntries(now))
  },
)
