import type { BenchState, CheckState, WireEvent } from '../model/protocol.ts'
import { bundlePage } from './bundle-page.ts'

/** What a report is made of. */
export interface Recorded {
  readonly check: CheckState
  readonly events: readonly WireEvent[]
  readonly directory: BenchState['directory']
}

/** A check and its wire as one page that needs no server: to mail, or to hand in. */
export async function reportPage(recorded: Recorded): Promise<string> {
  const { script, style } = await bundlePage()
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${recorded.check.lab}</title>
<style>${style}</style>
</head>
<body><div id="page"></div>
<script type="application/json" id="recorded">${inScript(JSON.stringify(recorded))}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

/** JSON that cannot end the element it stands in, whatever a client has said. */
const inScript = (json: string): string => json.replaceAll('<', '\\u003c')
