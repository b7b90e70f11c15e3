import { type Signal, signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Entrance, SignedIn } from '../../model/sign-in.ts'
import { ask, tell } from '../ask.ts'
import { Button } from '../button.tsx'

/** Everybody who has signed in from this page. */
export const signedIn = signal<readonly SignedIn[]>([])

/** Signs a test user in at a user pool of what is up: one that it has, or a new one. `up` changes when other stacks are up. */
export function SignIn({ up, who }: { up: string; who: Signal<string> }) {
  const entrances = useSignal<readonly Entrance[]>([])
  const chosen = useSignal('')
  const name = useSignal('ana')
  const said = useSignal('')
  useEffect(() => {
    signedIn.value = []
    void look()
  }, [up])
  async function look(): Promise<void> {
    entrances.value = await ask<readonly Entrance[]>('inside/entrances').catch(() => [])
  }
  const at = entrances.value.find(({ clientId }) => clientId === chosen.value) ?? entrances.value[0]
  if (!at) return null
  const isKnown = at.users.includes(name.value)
  const why = at.cannot ?? (name.value.trim() === '' ? 'a test user needs a name' : undefined)
  const signIn = async () => {
    said.value = ''
    const answer = await tell<SignedIn>('sign-in', { ...at, name: name.value })
    if (!answer) return
    signedIn.value = [...signedIn.value.filter(one => one.name !== answer.name), answer]
    who.value = answer.name
    said.value = `${answer.name} has signed in. The next clients connect as ${answer.name}.`
    await look()
  }
  return (
    <form
      class="new"
      aria-label="Test user"
      onSubmit={event => {
        event.preventDefault()
        if (!why) void signIn()
      }}
    >
      {entrances.value.length > 1 && (
        <label>
          User pool client
          <select
            value={at.clientId}
            onChange={event => {
              chosen.value = event.currentTarget.value
            }}
          >
            {entrances.value.map(({ clientId, client, pool }) => (
              <option key={clientId} value={clientId}>
                {pool}: {client}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        Test user
        <input
          list="test-users"
          value={name.value}
          onInput={event => {
            name.value = event.currentTarget.value
          }}
        />
      </label>
      <datalist id="test-users">
        {at.users.map(user => (
          <option key={user} value={user} />
        ))}
      </datalist>
      <Button
        why={why}
        title={
          isKnown
            ? 'This user is in the pool. They get a new password, and the tokens'
            : 'The user is made, with a password that nobody keeps'
        }
        onClick={signIn}
      >
        {isKnown ? 'Sign in' : 'Make and sign in'}
      </Button>
      <span class="soft" role="status">
        {said.value}
      </span>
    </form>
  )
}
