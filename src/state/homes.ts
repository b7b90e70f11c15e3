import type { Cloud } from '../cloud/cloud.ts'
import { nearest } from '../report/nearest.ts'
import { StateProblem } from './trouble.ts'

/** What holds data, by CloudFormation type. */
const TYPES: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::Table': 'table',
  'AWS::DynamoDB::GlobalTable': 'table',
  'AWS::Cognito::UserPool': 'pool',
  'AWS::Cognito::UserPoolClient': 'client',
  'AWS::S3::Bucket': 'bucket',
}

export type Kind = 'table' | 'pool' | 'client' | 'bucket'

const WORDS: Readonly<Record<Kind, string>> = {
  table: 'table',
  pool: 'user pool',
  client: 'app client',
  bucket: 'bucket',
}

/** A resource of a stack that holds data. */
export interface Home {
  readonly kind: Kind
  /** `Chat/Connections8000A1B2`: the same in every run. */
  readonly key: string
  readonly physicalId: string
  /** What people may call it, the best first. */
  readonly names: readonly string[]
}

/** Every resource of a stack that holds data. */
export function homesIn(cloud: Cloud): readonly Home[] {
  return cloud.stacks.list().flatMap(({ stackName, resources, outputs, template }) =>
    resources.flatMap(({ logicalId, type, physicalId }) => {
      const kind = TYPES[type]
      if (kind === undefined || physicalId === undefined) return []
      const short = logicalId.replace(/[0-9A-F]{8}$/, '')
      const path = String((template.Resources?.[logicalId] as any)?.Metadata?.['aws:cdk:path'] ?? '')
      const construct = path.replace(/\/Resource$/, '')
      const names = [
        ...(construct ? [construct.slice(construct.indexOf('/') + 1), construct] : []),
        short,
        logicalId,
        `${stackName}/${short}`,
        `${stackName}/${logicalId}`,
        physicalId,
        ...outputs.filter(({ value }) => value === physicalId).map(({ key }) => key),
      ]
      return [{ kind, key: `${stackName}/${logicalId}`, physicalId, names: [...new Set(names)] }]
    }),
  )
}

/**
 * The physical id of what somebody calls `name`: a construct, a logical id, a physical name or an output.
 *
 * @throws StateProblem that lists what there is.
 */
export function homeNamed(kind: Kind, name: string, homes: readonly Home[], place: string): string {
  const those = homes.filter(home => home.kind === kind)
  const fitting = those.filter(({ names }) => names.includes(name))
  if (fitting.length === 1) return fitting[0]!.physicalId
  if (fitting.length > 1) {
    const keys = fitting.map(({ key }) => key).join(' and ')
    throw new StateProblem(`${place}: ${name} may mean ${keys}. Say which one.`)
  }
  const known = those.map(({ names }) => names[0]).join(', ')
  throw new StateProblem(
    `${place}: there is no ${WORDS[kind]} ${name}.${nearest(
      name,
      those.flatMap(({ names }) => names),
    )} There is: ${known || 'none'}.`,
  )
}
