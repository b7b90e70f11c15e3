import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Finding, hasFault, type Lab, type Verdict } from '#kit'
import type { LocalTarget } from '../targets/local.ts'
import type { FindingOnWire } from '../workbench/model/protocol.ts'
import { keepClientNames } from '../workbench/server/client-names.ts'
import { keepDirectory } from '../workbench/server/directory.ts'
import { reportPage } from '../workbench/server/report.ts'
import { startedIn } from './started-in.ts'

/** Takes down a check as it goes, for a page that shows it afterwards. */
export interface Recording {
  tell(finding: Finding): void
  write(verdict: Verdict): Promise<void>
}

/** Begins to record the check of a lab in the local cloud. The page is written to `file`. */
export function record(lab: Lab, { cloud }: LocalTarget, file: string): Recording {
  const names = keepDirectory(cloud)
  const clients = keepClientNames(cloud.events)
  // The stack is gone when the check is over: its names are noted while it is up.
  const stop = cloud.events.subscribe(event => {
    if (event.kind === 'resource' && event.status === 'CREATE_COMPLETE') names()
  })
  const lastId = () => cloud.events.history().at(-1)?.id ?? -1
  const startedAt = Date.now()
  const findings: FindingOnWire[] = []
  let from = lastId() + 1

  return {
    tell(finding) {
      const to = lastId()
      findings.push({ finding, from, to })
      from = to + 1
    },
    async write(verdict) {
      stop()
      const criteria = lab.criteria.map(({ id, says }) => ({ id, says }))
      const { id, explanation } = lab
      const check = { lab: id, hasFault: hasFault(lab), explanation, startedAt, criteria, findings, verdict }
      const page = await reportPage({
        check,
        events: cloud.events.history(),
        directory: { ...names(), clients: clients.all() },
      })
      const path = resolve(startedIn(), file)
      writeFileSync(path, page)
      // Standard output may be one JSON document.
      process.stderr.write(`The findings and the wire of this check: ${path}\n`)
    },
  }
}
