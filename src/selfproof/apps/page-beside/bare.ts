import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'

/** A stack that needs no other, and has nothing in it that is not supported here. */
export class BareStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const partitionKey = { name: 'id', type: AttributeType.STRING }
    new TableV2(this, 'Table', { partitionKey, removalPolicy: RemovalPolicy.DESTROY })
  }
}
