import type { APIGatewayRequestAuthorizerHandler } from 'aws-lambda'

/** Somebody is at the backends' door: lets in whoever has signed. */
export const handler: APIGatewayRequestAuthorizerHandler = async event => {
  const isSigned = /^[0-9a-f]{64}$/.test(event.queryStringParameters?.['X-Amz-Signature'] ?? '')
  return {
    principalId: isSigned ? 'backend' : 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Action: 'execute-api:Invoke', Effect: isSigned ? 'Allow' : 'Deny', Resource: event.methodArn },
      ],
    },
  }
}
