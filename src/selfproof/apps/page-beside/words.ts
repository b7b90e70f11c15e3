import { Stack } from 'aws-cdk-lib'
import type { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Distribution } from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { Construct } from 'constructs'

/** Nothing but another address of an API in another stack. */
export class WordsStack extends Stack {
  constructor(scope: Construct, id: string, { api }: { api: WebSocketApi }) {
    super(scope, id)
    new Distribution(this, 'Where', { defaultBehavior: { origin: new HttpOrigin(api.apiEndpoint) } })
  }
}
