import { CfnOutput, Stack } from 'aws-cdk-lib'
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** A queue that is subscribed to a topic, and whose policy does not let the topic in: it only asks for TLS. */
export class SealedStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const topic = new Topic(this, 'Topic')
    const queue = new Queue(this, 'Queue', { enforceSSL: true })
    new Subscription(this, 'Subscription', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
    })
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn })
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl })
    new CfnOutput(this, 'QueueArn', { value: queue.queueArn })
  }
}
