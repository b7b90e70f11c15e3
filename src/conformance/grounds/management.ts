import { Stack } from 'aws-cdk-lib'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/**
 * Functions that may do different things with connections, behind two-way routes of one API (output `Url`):
 * `nothing`, `noStar` (a policy that ends in `/@connections`), `star`, `postOnly`, `anything`.
 */
export const permitted = ground('permitted', stack => {
  const api = new WebSocketApi(stack, 'Api')
  const stage = live(api)
  const arn = (rest: string) =>
    Stack.of(stack).formatArn({ service: 'execute-api', resource: api.apiId, resourceName: `live/${rest}` })
  const resources: Readonly<Record<string, readonly string[]>> = {
    nothing: [],
    noStar: [arn('POST/@connections')],
    star: [arn('POST/@connections/*'), arn('GET/@connections/*'), arn('DELETE/@connections/*')],
    postOnly: [arn('POST/@connections/*')],
  }
  for (const [routeKey, allowed] of Object.entries(resources)) {
    const fn = puppet(stack, routeKey)
    if (allowed.length > 0)
      fn.addToRolePolicy(
        new PolicyStatement({ actions: ['execute-api:ManageConnections'], resources: [...allowed] }),
      )
    const integration = new WebSocketLambdaIntegration(routeKey, fn)
    api.addRoute(routeKey, { integration, returnResponse: true })
  }
  const anything = puppet(stack, 'anything')
  stage.grantManagementApiAccess(anything)
  api.addRoute('anything', {
    integration: new WebSocketLambdaIntegration('anything', anything),
    returnResponse: true,
  })
  output(stack, 'ApiId', api.apiId)
})
