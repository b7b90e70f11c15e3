import { shortArn } from '../../model/names.ts'
import type { Directory } from '../../model/protocol.ts'
import { bench } from '../state.ts'
import { Cli } from './cli.tsx'

interface Route {
  readonly key: string
  readonly authorization: string
  readonly to?: string
  readonly answers: boolean
}

interface Stage {
  readonly name: string
  readonly autoDeploy: boolean
  readonly deploymentId?: string
  readonly served: readonly Route[]
}

interface Api {
  readonly id: string
  readonly name: string
  readonly selection: string
  readonly routes: readonly Route[]
  readonly stages: readonly Stage[]
}

/** Every WebSocket API: its routes as they are defined, and beside them what each stage serves. */
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
          <RouteTable api={name} routes={routes} stages={stages} directory={directory} />
          {stages.map(stage => (
            <p key={stage.name}>
              Stage <b>{stage.name}</b>{' '}
              {stage.autoDeploy
                ? 'takes up every change by itself.'
                : `serves deployment ${stage.deploymentId ?? 'none'}. What is defined later is not in it.`}
            </p>
          ))}
          <Cli line={`aws apigatewayv2 get-routes --api-id ${id}`} />
          <Cli line={`aws apigatewayv2 get-integrations --api-id ${id}`} />
          <Cli line={`aws apigatewayv2 get-stages --api-id ${id}`} />
        </section>
      ))}
    </>
  )
}

function functionIn(uri: string, directory: Directory): string {
  const arn = /(arn:[^/]*:lambda:[^/]*:function:[^/]+)/.exec(uri)?.[1]
  return arn ? shortArn(arn, directory) : uri
}

/** One row for each route key that is defined or served, and a column for each stage. */
function RouteTable({
  api,
  routes,
  stages,
  directory,
}: {
  api: string
  routes: readonly Route[]
  stages: readonly Stage[]
  directory: Directory
}) {
  const keys = [...new Set([routes, ...stages.map(stage => stage.served)].flat().map(({ key }) => key))]
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Routes of ${api}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col">As defined</th>
            {stages.map(({ name }) => (
              <th scope="col" key={name}>
                As deployed on {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map(key => {
            const defined = inWords(
              routes.find(route => route.key === key),
              'not defined',
              directory,
            )
            return (
              <tr key={key}>
                <td class="mono">{key}</td>
                <td>{defined}</td>
                {stages.map(({ name, served }) => {
                  const deployed = inWords(
                    served.find(route => route.key === key),
                    'not deployed',
                    directory,
                  )
                  return (
                    <td key={name} class={deployed === defined ? 'soft' : 'differs'}>
                      {deployed === defined ? 'the same' : `✕ ${deployed}`}
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** Where a route leads, who may use it, and whether its answer goes to the client. */
function inWords(route: Route | undefined, missing: string, directory: Directory): string {
  if (!route) return missing
  const { to, authorization, answers } = route
  return [
    to ? functionIn(to, directory) : 'no integration',
    ...(authorization === 'NONE' ? [] : [`authorization ${authorization}`]),
    answers ? 'answers the client' : 'no route response',
  ].join(', ')
}
