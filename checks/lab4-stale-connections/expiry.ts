import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Scene, Unmet } from '#kit'
import type { Guest } from './list.ts'

/** The attribute by which the table's rows expire. Throws `Unmet` when they do not. */
export async function timeToLive(scene: Scene): Promise<string> {
  const { TimeToLiveDescription } = await scene
    .aws(DynamoDBClient)
    .send(new DescribeTimeToLiveCommand({ TableName: scene.output('TableName') }))
  const { TimeToLiveStatus, AttributeName } = TimeToLiveDescription ?? {}
  if (AttributeName && (TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING'))
    return AttributeName
  throw new Unmet({
    expected: 'time to live to be enabled for the table of connections',
    observed: `it is ${TimeToLiveStatus ?? 'DISABLED'}`,
  })
}

/** When a guest's row expires, in seconds after they connected: by AWS's clock, not by ours. Throws `Unmet`. */
export async function expiresAfter(
  scene: Scene,
  { client, id, row }: Guest,
  attribute: string,
  is: 'is' | 'is now' = 'is',
): Promise<number> {
  const { N: seconds } = row[attribute] ?? {}
  if (seconds === undefined) {
    throw new Unmet({
      expected: `the row of ${client.name} to have a number, ${attribute}`,
      observed: `the row${is === 'is' ? '' : ' now'}: ${JSON.stringify(row)}`,
    })
  }
  const { ConnectedAt } = await scene
    .aws(ApiGatewayManagementApiClient, { endpoint: scene.callbackUrl })
    .send(new GetConnectionCommand({ ConnectionId: id }))
  return Number(seconds) - Math.floor(Number(ConnectedAt) / 1000)
}
