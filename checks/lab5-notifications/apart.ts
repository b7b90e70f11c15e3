import { type Scene, Unmet } from '#kit'
import { allowedActions, allowedResources } from '../permissions.ts'
import { type Api, apisOf } from './apis.ts'

/** What a role of the stack may use. */
interface Reach {
  readonly logicalId: string
  readonly physicalId: string
  readonly tables: readonly string[]
  /** Connections and doors. */
  readonly dev: readonly string[]
  readonly prod: readonly string[]
}

/** Holds if no role of the stack reaches anything of both stages: connections, doors, tables. IAM is asked, by simulation. Throws `Unmet`. */
export async function noRoleReachesBoth(scene: Scene): Promise<void> {
  scene.did('the check asked IAM whether any role of the stack reaches something of both stages')
  const apis = await apisOf(scene)
  // Stages of one name in several APIs: nobody can tell from outside which of them is which.
  const isClear = apis.name.dev !== apis.name.prod
  const roles: Reach[] = []
  // One role after the other: IAM refuses those who ask too much at a time.
  for (const { logicalId, physicalId } of scene.resources('AWS::IAM::Role')) {
    const doors = (stage: 'dev' | 'prod') =>
      isClear ? doorsOf(scene, physicalId, apis[stage], apis.name[stage]) : Promise.resolve([])
    const [tables, inDev, inProd] = await Promise.all([
      tablesOf(scene, physicalId),
      doors('dev'),
      doors('prod'),
    ])
    roles.push({ logicalId, physicalId, tables, dev: inDev, prod: inProd })
  }
  const tables = tablesByStage(roles, tableArn(scene, scene.output('TableName')))
  for (const role of roles) {
    const reached = (stage: 'dev' | 'prod') => [
      ...role[stage],
      ...role.tables.filter(table => tables[stage](table)),
    ]
    const [inDev, inProd] = [reached('dev'), reached('prod')]
    if (inDev.length === 0 || inProd.length === 0) continue
    throw new Unmet({
      expected: 'no role of the stack to reach something of dev and something of prod',
      observed: `${role.logicalId} is allowed to use ${inDev[0]} and ${inProd.find(one => one !== inDev[0]) ?? inProd[0]}`,
      granted: { policy: '', statement: -1, role: role.physicalId },
    })
  }
}

/** A table is dev's if a role that reaches dev's connections uses it; the one in the output TableName is prod's all the same. */
function tablesByStage(roles: readonly Reach[], ofProd: string) {
  const usedIn = (stage: 'dev' | 'prod', table: string) =>
    roles.some(role => role[stage].length > 0 && role.tables.includes(table))
  const dev = (table: string) => table !== ofProd && usedIn('dev', table)
  return { dev, prod: (table: string) => table === ofProd || (!dev(table) && usedIn('prod', table)) }
}

/** What a role reaches of a stage's APIs: connections, and the door for backends. */
async function doorsOf(scene: Scene, role: string, apis: readonly Api[], stage: string): Promise<string[]> {
  const arns = (rest: string) =>
    apis.map(({ id }) => `arn:aws:execute-api:${scene.region}:${scene.accountId}:${id}/${stage}/${rest}`)
  const [posted, invoked] = await Promise.all([
    allowedResources(scene, role, 'execute-api:ManageConnections', arns('POST/@connections/abc=')),
    allowedResources(scene, role, 'execute-api:Invoke', arns('$connect')),
  ])
  return [...posted, ...invoked]
}

/** Reading and writing of rows. */
const USES = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(action => `dynamodb:${action}`)

async function tablesOf(scene: Scene, role: string): Promise<string[]> {
  const tables = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']
    .flatMap(type => scene.resources(type))
    .map(({ physicalId }) => tableArn(scene, physicalId))
  const used = await Promise.all(
    tables.map(async table => ((await allowedActions(scene, role, USES, table)).length > 0 ? [table] : [])),
  )
  return used.flat()
}

const tableArn = ({ region, accountId }: Scene, name: string): string =>
  `arn:aws:dynamodb:${region}:${accountId}:table/${name}`
