import { domainNameOf } from '../cloud/apigateway/core.ts'
import type { Cloud } from '../cloud/cloud.ts'
import { nearest } from '../report/nearest.ts'

/** A stage of a WebSocket API, with what people may call it. */
interface Stage {
  /** `ws://localhost:PORT/live`. */
  readonly address: string
  readonly stage: string
  /** Names of its API, the best first: `Chat`, `ChatApi7F3A`, `Chat/ChatApi7F3A`, `a1b2c3`. */
  readonly apis: readonly string[]
}

/**
 * The address that `where` means: a stage (`live`), an API and its stage (`Chat/live`), an output, or an address. Nothing means the only
 * stage.
 *
 * @throws Error that lists what there is.
 */
export function addressOf(where: unknown, cloud: Cloud, outputs: Readonly<Record<string, string>>): string {
  if (where !== undefined && (typeof where !== 'string' || where === '')) {
    throw new TypeError(
      `connect takes a stage such as 'live', an API and its stage such as 'Chat/live', or an address, not ${JSON.stringify(where) ?? String(where)}.`,
    )
  }
  const stages = stagesOf(cloud)
  if (where?.includes('://')) return checkedAddress(where, cloud, stages)
  const fitting = stages.filter(one => where === undefined || namesOf(one).includes(where))
  if (fitting.length === 1) return fitting[0]!.address
  if (fitting.length > 1) {
    const called = where === undefined ? '' : ` that ${where} may mean`
    throw new Error(`There are ${fitting.length} stages${called}: ${listed(fitting)}. Say which one.`)
  }
  const output = where === undefined ? undefined : outputs[where]
  if (output !== undefined) return checkedAddress(output, cloud, stages)
  if (stages.length === 0) throw new Error('There is no WebSocket API with a stage in this cloud.')
  throw new Error(
    `There is no stage ${where}.${nearest(String(where), stages.flatMap(namesOf))} There is: ${listed(stages)}.`,
  )
}

const namesOf = ({ stage, apis }: Stage): string[] => [stage, ...apis.map(api => `${api}/${stage}`)]

const listed = (stages: readonly Stage[]): string =>
  stages.map(({ stage, apis }) => `${apis[0] ?? '?'}/${stage}`).join(', ')

function stagesOf(cloud: Cloud): readonly Stage[] {
  const apis = cloud.stacks.list().flatMap(({ stackName, resources }) =>
    resources
      .filter(({ type, physicalId }) => type === 'AWS::ApiGatewayV2::Api' && physicalId !== undefined)
      .map(({ logicalId, physicalId, properties }) => ({
        host: new URL(cloud.toLocal(`wss://${domainNameOf(physicalId!, cloud.account)}`)).host,
        names: [
          ...(properties?.Name ? [String(properties.Name)] : []),
          logicalId,
          logicalId.replace(/[0-9A-F]{8}$/, ''),
          `${stackName}/${logicalId}`,
          physicalId!,
        ],
      })),
  )
  return cloud.sockets().map(address => {
    const { host, pathname } = new URL(address)
    const names = apis.filter(api => api.host === host).flatMap(api => api.names)
    // At a custom domain the first part of the path is a mapping, which stands for a stage.
    return { address, stage: pathname.slice(1), apis: [...new Set(names.length > 0 ? names : [host])] }
  })
}

function checkedAddress(given: string, cloud: Cloud, stages: readonly Stage[]): string {
  const address = cloud.toLocal(given)
  if (!URL.canParse(address) || !/^wss?:$/.test(new URL(address).protocol)) {
    throw new Error(`${given} is no address of a WebSocket: those begin with ws:// or wss://.`)
  }
  const { host } = new URL(address)
  if (stages.some(stage => new URL(stage.address).host === host)) return address
  throw new Error(`${host} is no API of this cloud. There is: ${listed(stages) || 'none'}.`)
}
