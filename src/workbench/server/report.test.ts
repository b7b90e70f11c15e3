import { expect, test } from 'vitest'
import { directory, frame } from '../model/sample.fixture.ts'
import { reportPage } from './report.ts'

test('a report holds all that was recorded, and nothing that a client said ends its script or is markup', async () => {
  const text = '</script><script>alert(1)</script><!-- ü'
  const events = [frame(text)]
  const about = { lab: 'lab1-missing-route', hasFault: true, explanation: 'docs/routes-hints.md' }
  const check = { ...about, startedAt: 0, criteria: [], findings: [] }
  const page = await reportPage({ check, events, directory })
  expect(page).not.toContain('alert(1)</script>')
  const held = /<script type="application\/json" id="recorded">(.*?)<\/script>/s.exec(page)![1]!
  expect(JSON.parse(held)).toEqual({ check, events, directory })
  expect(page).not.toMatch(/(src|href)="/)
})
