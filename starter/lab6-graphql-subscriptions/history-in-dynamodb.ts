import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { Construct } from 'constructs'

/** The history in a table: nothing to run, and nothing to pay while nobody says anything. */
export function historyInDynamoDB(scope: Construct, handler: (props: FunctionOptions) => NodejsFunction) {
  const table = new Table(scope, 'Messages', {
    partitionKey: { name: 'room', type: AttributeType.STRING },
    sortKey: { name: 'place', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const history = handler({ environment: { MESSAGES: table.tableName } })
  table.grant(history, 'dynamodb:PutItem', 'dynamodb:Query')
  return history
}
