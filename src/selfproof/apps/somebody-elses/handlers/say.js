const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs')
const { politely } = require('manners')

const sqs = new SQSClient({})

exports.handler = async ({ body, requestContext: { connectionId, authorizer } }) => {
  const text = politely(process.env.WORD, authorizer.who, JSON.parse(body).text)
  const MessageBody = JSON.stringify({ connectionId, text })
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.LATER, MessageBody }))
  return { statusCode: 200 }
}
