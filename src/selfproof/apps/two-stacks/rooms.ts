import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { AttributeType, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'

/** Who is where. What the other stack needs of it becomes an export here and an import there. */
export class RoomsStack extends Stack {
  readonly table: Table

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props)
    this.table = new Table(this, 'People', {
      partitionKey: { name: 'room', type: AttributeType.STRING },
      sortKey: { name: 'name', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
      timeToLiveAttribute: 'expires',
    })
    this.table.addGlobalSecondaryIndex({
      indexName: 'byConnection',
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    })
  }
}
