import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { bundle } from './bundle.ts'

const bundled = async () => {
  const { outputFiles } = await bundle({
    stdin: { contents: 'console.log(1 + 1)' },
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** The processes of esbuild that this one has started. */
const esbuilds = () =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes('--service='))
    .map(line => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent]) => (parent === process.pid ? [pid] : []))

test.skipIf(process.platform === 'win32')(
  'when esbuild’s process is ended by somebody else, another one bundles, for everybody',
  async () => {
    const first = await bundled()
    const [pid] = esbuilds()
    process.kill(pid!, 'SIGKILL')
    await expect.poll(esbuilds).toEqual([])
    expect(await Promise.all([bundled(), bundled(), bundled()])).toEqual([first, first, first])
  },
)
