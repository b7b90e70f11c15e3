import { expect, test } from 'vitest'
import { functionArn, isLambda } from './lambda-function.ts'

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:Say'

test.each([
  [`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ARN}/invocations`, ARN],
  [`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ARN}:live/invocations`, `${ARN}:live`],
  // CDK up to 1.97.0.
  [ARN, ARN],
  [`${ARN}:live`, `${ARN}:live`],
])('%s is the function %s', (uri, arn) => {
  expect([functionArn(uri), isLambda(uri)]).toEqual([arn, true])
})

test.each([
  'arn:aws:lambda:us-east-1:123456789012:layer:Say',
  'arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue',
  'https://example.com',
  `x${ARN}`,
])('%s is no function', uri => {
  expect([functionArn(uri), isLambda(uri)]).toEqual([undefined, false])
})
