import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { shortArn, shortName } from '../../model/names.ts'
import { quoted } from '../../model/same-on-aws.ts'
import { ask } from '../ask.ts'
import { bench, rows } from '../state.ts'
import { isInTime } from '../wire/state.ts'
import { Cli } from './cli.tsx'

interface Fn {
  readonly name: string
  readonly logGroup: string
  readonly role: string
  readonly runtime: string
  readonly timeout: number
  readonly memory: number
  readonly environment: Readonly<Record<string, string>>
}

/** Every function with its settings and what it logged. */
export function Functions({ found }: { found: readonly Fn[] }) {
  const { directory } = bench.value!
  const chosen = useSignal('')
  const one = found.find(({ name }) => name === chosen.value) ?? found[0]
  if (!one) return <p class="soft">There are no functions.</p>
  return (
    <section class="thing">
      <div class="choice" role="group" aria-label="Function">
        {found.map(({ name }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === one.name}
            onClick={() => {
              chosen.value = name
            }}
          >
            {shortName(name, directory)}
          </button>
        ))}
      </div>
      <p class="soft">
        {one.runtime}, {one.timeout} s, {one.memory} MB, as {shortArn(one.role, directory)}
      </p>
      <Logs key={one.logGroup} group={one.logGroup} />
      <Cli line={`aws logs tail ${quoted(one.logGroup)} --follow`} />
      <Cli line={`aws lambda get-function-configuration --function-name ${one.name}`} />
      <details>
        <summary>Environment</summary>
        <pre tabIndex={0}>
          {Object.entries(one.environment)
            .map(([key, value]) => `${key}=${value}`)
            .join('\n') || 'none'}
        </pre>
      </details>
    </section>
  )
}

/** The newest lines, searched by text. They follow the wire. */
function Logs({ group }: { group: string }) {
  const lines = useSignal<readonly { at: number; message: string }[]>([])
  const text = useSignal('')
  const newest = rows.value.findLast(({ event }) => event.kind === 'log' && event.logGroup === group)?.id ?? 0
  useEffect(() => {
    void ask<typeof lines.value>('inside/logs', { group }).then(found => {
      lines.value = found
    })
  }, [group, newest])
  const words = text.value.toLowerCase()
  const shown = lines.value.filter(one => isInTime.value(one.at) && one.message.toLowerCase().includes(words))
  return (
    <>
      <input
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value
        }}
      />
      <pre class="log" tabIndex={0} role="region" aria-label="Log">
        {shown.length === 0
          ? 'No lines.'
          : shown
              .map(({ at, message }) => `${new Date(at).toISOString().slice(11, 23)}  ${message.trimEnd()}`)
              .join('\n')}
      </pre>
    </>
  )
}
