import { benchChecks } from './bench-checks.ts'
import { benchLoad } from './bench-load.ts'
import { benchMessages } from './bench-messages.ts'
import { benchWorkbench } from './bench-workbench.ts'
import { type Session, withSession } from './session.ts'
import type { Command, CommandLine } from './usage.ts'

const kinds: Readonly<Record<string, (line: CommandLine, session: Session) => Promise<number>>> = {
  messages: benchMessages,
  load: benchLoad,
  workbench: benchWorkbench,
}

/** Times what is quick, and counts what must hold on a busy machine. Whatever is compared is done in turns, so that a busy machine slows all. */
export const bench: Command = {
  synopsis:
    '[lab | messages | load | workbench] [--rounds N] [--clients 1,100,1000] [--seconds N] [--peers] [--raw FILE] [--labs lab1,lab2] [--fixes N]',
  about:
    'times a check beside a plain cdk synth of the same stack; or messages, beside the library ws alone and, with --peers, another local cloud, which npm then installs into a temporary folder; or what checks say on a busy machine; or how the page of the workbench draws, beside an empty page and a plain list; its exit code is 1 when a budget is exceeded',
  mostWords: 1,
  options: {
    rounds: { type: 'string' },
    clients: { type: 'string' },
    seconds: { type: 'string' },
    peers: { type: 'boolean' },
    raw: { type: 'string' },
    labs: { type: 'string' },
    fixes: { type: 'string' },
  },
  run: line => withSession(session => (kinds[line.words[0] ?? ''] ?? benchChecks)(line, session)),
}
