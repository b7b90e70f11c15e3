import { Stack } from 'aws-cdk-lib'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** A function that should be given a queue's messages, and may not read them. */
export class UnreadStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const queue = new Queue(this, 'Queue')
    const reader = new Lambda(this, 'Reader', {
      code: Code.fromInline('exports.handler = async () => {}'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    })
    reader.addEventSourceMapping('Mapping', { eventSourceArn: queue.queueArn })
  }
}
