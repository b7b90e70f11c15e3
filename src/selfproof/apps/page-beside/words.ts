import { Stack } from 'aws-cdk-lib'
import type { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'

/** Nothing but a parameter, about an API in another stack. */
export class WordsStack extends Stack {
  constructor(scope: Construct, id: string, { api }: { api: WebSocketApi }) {
    super(scope, id)
    new StringParameter(this, 'Where', { stringValue: api.apiEndpoint })
  }
}
