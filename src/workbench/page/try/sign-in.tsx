import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask, tell } from '../ask.ts'
import { Button } from '../button.tsx'

interface Entrance {
  readonly poolId: string
  readonly pool: string
  readonly clientId: string
  readonly client: string
}

/** Signs a test user in at a user pool of what is up, and gives the id token to `onToken`. `up` changes when other stacks are up. */
export function SignIn({ up, onToken }: { up: string; onToken: (idToken: string) => void }) {
  const entrances = useSignal<readonly Entrance[]>([])
  const chosen = useSignal('')
  const name = useSignal('ana')
  const said = useSignal('')
  useEffect(() => {
    void ask<typeof entrances.value>('inside/entrances').then(
      found => {
        entrances.value = found
      },
      // What was up may have just gone. Then nobody can sign in.
      () => {
        entrances.value = []
      },
    )
  }, [up])
  const at = entrances.value.find(({ clientId }) => clientId === chosen.value) ?? entrances.value[0]
  if (!at) return null
  const signIn = async () => {
    said.value = ''
    const answer = await tell<{ name: string; idToken: string }>('sign-in', { ...at, name: name.value })
    if (!answer) return
    onToken(answer.idToken)
    said.value = `${answer.name} has signed in. The id token is in the query.`
  }
  return (
    <form
      class="new"
      aria-label="Test user"
      onSubmit={event => {
        event.preventDefault()
        void signIn()
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
          value={name.value}
          onInput={event => {
            name.value = event.currentTarget.value
          }}
        />
      </label>
      <Button why={name.value.trim() === '' ? 'a test user needs a name' : undefined} onClick={signIn}>
        Sign in
      </Button>
      <span class="soft" role="status">
        {said.value}
      </span>
    </form>
  )
}
