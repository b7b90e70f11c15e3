import type { APIGatewayRequestAuthorizerHandler } from 'aws-lambda'

export const handler: APIGatewayRequestAuthorizerHandler = async event => ({
  principalId: 'somebody',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Action: 'execute-api:Invoke',
        Effect: event.queryStringParameters?.token === process.env.SECRET ? 'Allow' : 'Deny',
        Resource: event.methodArn,
      },
    ],
  },
  context: { name: event.queryStringParameters?.name },
})
