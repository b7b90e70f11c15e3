import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Courier } from './courier.ts'

/** Lab 5: a notification service, once to try things out and once for everybody. What the two have in common is their definition, and nothing else. */
export class CourierStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const dev = new Courier(this, 'Trial', { stageName: 'dev' })
    const prod = new Courier(this, 'Live', { stageName: 'prod' })

    new CfnOutput(this, 'Url', { value: prod.url })
    new CfnOutput(this, 'BackendUrl', { value: prod.backendUrl })
    new CfnOutput(this, 'BackendRoleArn', { value: prod.backendRoleArn })
    new CfnOutput(this, 'TableName', { value: prod.tableName })

    new CfnOutput(this, 'DevUrl', { value: dev.url })
    new CfnOutput(this, 'DevBackendUrl', { value: dev.backendUrl })
    new CfnOutput(this, 'DevBackendRoleArn', { value: dev.backendRoleArn })
  }
}
