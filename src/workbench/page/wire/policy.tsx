import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { askerOf, shortName } from '../../model/names.ts'
import type { WireEvent } from '../../model/protocol.ts'
import type { RoleInside } from '../../model/roles.ts'
import { isSame, type Statement, statementInWords } from '../../model/statement.ts'
import { ask } from '../ask.ts'
import { bench } from '../state.ts'

/** The statement that decided, and what else the role of the one who asked may do, as long as the role is there. */
export function Policy({ event }: { event: WireEvent & { kind: 'decision' } }) {
  const { by } = event
  return (
    <>
      {by && (
        <section class="card">
          <h3 class="label">The statement that {event.allowed ? 'allows' : 'denies'} it</h3>
          <pre tabIndex={0}>{statementInWords(by.statement as Statement, bench.value!.directory)}</pre>
          <p class="soft">Kind of policy: {by.kind}.</p>
        </section>
      )}
      <RolePolicy event={event} />
    </>
  )
}

function RolePolicy({ event: { principal, action, by } }: { event: WireEvent & { kind: 'decision' } }) {
  const { directory, sockets } = bench.value!
  const asker = askerOf(principal, directory)
  const name = asker.kind === 'function' || asker.kind === 'role' ? asker.role : ''
  const role = useSignal<RoleInside | string>('')
  useEffect(() => {
    role.value = ''
    if (name && sockets.length > 0)
      ask<RoleInside>('inside/role', { name }).then(
        found => {
          role.value = found
        },
        () => {
          role.value = 'The role is no longer there.'
        },
      )
  }, [name])
  if (!name || role.value === '') return null
  if (typeof role.value === 'string') return <p class="soft">{role.value}</p>
  const { policies, attached } = role.value
  const statements = policies.flatMap(policy => policy.statements)
  const prefix = `${action.split(':')[0]}:`.toLowerCase()
  const isAboutIt = JSON.stringify(statements).toLowerCase().includes(prefix)
  return (
    <section class="card">
      <h3 class="label">All that its role may do now · {shortName(name, directory)}</h3>
      {statements.map((statement, at) => (
        <pre key={at} class={by && isSame(statement, by.statement) ? 'hit' : ''}>
          {statementInWords(statement, directory)}
        </pre>
      ))}
      {attached.length > 0 && <p class="soft">Attached: {attached.join(', ')}</p>}
      {!isAboutIt && !by && <p class="lacks">Nothing in it is about {prefix.slice(0, -1)}.</p>}
    </section>
  )
}
