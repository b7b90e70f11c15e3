import { useSignal } from '@preact/signals'
import { shortName } from '../../model/names.ts'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { bench } from '../state.ts'
import { Cli } from './cli.tsx'

interface Queue {
  readonly url: string
  readonly name: string
  readonly waiting: number
  readonly inFlight: number
  readonly redrive?: string
}

/** Every queue, how much is in it, and its messages for those who ask. */
export function Queues({ found }: { found: readonly Queue[] }) {
  if (found.length === 0) return <p class="soft">There are no queues.</p>
  return (
    <>
      {found.map(queue => (
        <One key={queue.url} queue={queue} />
      ))}
    </>
  )
}

function One({ queue: { url, name, waiting, inFlight, redrive } }: { queue: Queue }) {
  const messages = useSignal<readonly { id: string; body: string }[] | undefined>(undefined)
  return (
    <section class="thing">
      <h2>
        {shortName(name, bench.value!.directory)}{' '}
        <small>
          {waiting} waiting, {inFlight} in flight
        </small>
      </h2>
      {redrive && <p class="soft mono">{redrive}</p>}
      <Button
        title="Counts as a receive, as it does in the console of AWS"
        onClick={async () => {
          messages.value = await tell('inside/messages', { url })
        }}
      >
        Receive up to ten, and give them back
      </Button>
      {messages.value?.length === 0 && <p class="soft">None can be received now.</p>}
      {messages.value?.map(({ id, body }) => (
        <pre key={id} class="log" tabIndex={0}>
          {body}
        </pre>
      ))}
      <Cli line={`aws sqs get-queue-attributes --queue-url ${url} --attribute-names All`} />
      <Cli
        line={`aws sqs receive-message --queue-url ${url} --max-number-of-messages 10 --visibility-timeout 0`}
      />
    </section>
  )
}
