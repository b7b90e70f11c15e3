import { shortArn } from '../../model/names.ts'
import { bench } from '../state.ts'
import { Cli } from './cli.tsx'

interface Api {
  readonly id: string
  readonly name: string
  readonly selection: string
  readonly routes: readonly { key: string; authorization: string; to?: string; answers: boolean }[]
  readonly stages: readonly { name: string; autoDeploy: boolean; deploymentId?: string }[]
}

/** Every WebSocket API: its routes as they are defined, and its stages. */
export function Apis({ found }: { found: readonly Api[] }) {
  const { directory } = bench.value!
  if (found.length === 0) return <p class="soft">There are no WebSocket APIs.</p>
  return (
    <>
      {found.map(({ id, name, selection, routes, stages }) => (
        <section class="thing" key={id}>
          <h2>
            {name}{' '}
            <small>
              {id}, routes by {selection}
            </small>
          </h2>
          <div class="scroll" tabIndex={0} role="region" aria-label={`Routes of ${name}`}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Route</th>
                  <th scope="col">Leads to</th>
                  <th scope="col">Authorization</th>
                  <th scope="col">Its answer goes to the client</th>
                </tr>
              </thead>
              <tbody>
                {routes.map(({ key, authorization, to, answers }) => (
                  <tr key={key}>
                    <td class="mono">{key}</td>
                    <td class="mono">{to ? functionIn(to, directory) : 'nothing'}</td>
                    <td>{authorization}</td>
                    <td>{answers ? 'yes' : 'no: there is no route response'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {stages.map(stage => (
            <p key={stage.name}>
              Stage <b>{stage.name}</b>{' '}
              {stage.autoDeploy
                ? 'takes up every change by itself.'
                : `serves deployment ${stage.deploymentId ?? 'none'}, whatever is defined since.`}
            </p>
          ))}
          <Cli line={`aws apigatewayv2 get-routes --api-id ${id}`} />
        </section>
      ))}
    </>
  )
}

function functionIn(uri: string, directory: Parameters<typeof shortArn>[1]): string {
  const arn = /(arn:[^/]*:lambda:[^/]*:function:[^/]+)/.exec(uri)?.[1]
  return arn ? shortArn(arn, directory) : uri
}
