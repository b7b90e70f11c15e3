import { shortArn, shortName } from '../../model/names.ts'
import { bench } from '../state.ts'
import { Cli } from './cli.tsx'

interface Topic {
  readonly arn: string
  readonly name: string
  readonly subscriptions: readonly { protocol: string; endpoint: string }[]
}

/** Every topic, and who is subscribed to it. */
export function Topics({ found }: { found: readonly Topic[] }) {
  const { directory } = bench.value!
  if (found.length === 0) return <p class="soft">There are no topics.</p>
  return (
    <>
      {found.map(({ arn, name, subscriptions }) => (
        <section class="thing" key={arn}>
          <h2>{shortName(name, directory)}</h2>
          {subscriptions.length === 0 && <p class="soft">Nobody is subscribed to it.</p>}
          <ul>
            {subscriptions.map(({ protocol, endpoint }) => (
              <li key={endpoint}>
                {protocol} → <code>{shortArn(endpoint, directory)}</code>
              </li>
            ))}
          </ul>
          <Cli line={`aws sns list-subscriptions-by-topic --topic-arn ${arn}`} />
        </section>
      ))}
    </>
  )
}
