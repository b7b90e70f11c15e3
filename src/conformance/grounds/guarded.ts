import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { type Ground, ground } from '../ground.ts'
import { policy } from './authorized.ts'
import { live, puppet } from './parts.ts'

/** An API whose authorizer lets everybody in, or nobody: versions of one stack. Output `Url`. */
export const guarded = ({ by }: { readonly by: 'Allow' | 'Deny' }): Ground =>
  ground('guarded', stack => {
    const integration = new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask'))
    const api = new WebSocketApi(stack, 'Api', {
      connectRouteOptions: {
        integration,
        authorizer: new WebSocketLambdaAuthorizer('Guard', puppet(stack, by, { do: policy(by) }), {
          identitySource: [],
        }),
      },
    })
    api.addRoute('ask', { integration, returnResponse: true })
    live(api)
  })

/** The `$connect` function of AWS's page on subprotocols, word for word. Output `Sample`. */
const sample = `exports.handler = async (event) => {
    if (event.headers != undefined) {
        const headers = toLowerCaseProperties(event.headers);
        if (headers['sec-websocket-protocol'] != undefined) {
            const subprotocolHeader = headers['sec-websocket-protocol'];
            const subprotocols = subprotocolHeader.split(',');
            if (subprotocols.indexOf('myprotocol') >= 0) {
                const response = {
                    statusCode: 200,
                    headers: { "Sec-WebSocket-Protocol" : "myprotocol" }
                };
                return response;
            }
        }
    }
    const response = { statusCode: 400 };
    return response;
};
function toLowerCaseProperties(obj) {
    var wrapper = {};
    for (var key in obj) wrapper[key.toLowerCase()] = obj[key];
    return wrapper;
}`

/** An API whose `$connect` is AWS's sample for subprotocols. Output `Sample`. */
export const subprotocolSample = ground('subprotocol-sample', stack => {
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Sample', puppet(stack, 'Function', { code: sample })),
    },
  })
  live(api, 'Sample')
})
