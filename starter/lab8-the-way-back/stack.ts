import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Counter } from './counter.ts'
import { ownDomain } from './own-domain.ts'

/** Lab 8: a counter where clients order, once to try things out and once for everybody. Both may be behind one domain. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const dev = new Counter(this, 'Dev', { stageName: 'dev' })
    const prod = new Counter(this, 'Prod', { stageName: 'prod' })

    new CfnOutput(this, 'Url', { value: prod.url })
    new CfnOutput(this, 'QueueUrl', { value: prod.queueUrl })
    new CfnOutput(this, 'DevUrl', { value: dev.url })
    new CfnOutput(this, 'DevQueueUrl', { value: dev.queueUrl })

    const domain = ownDomain(this)
    if (!domain) return
    new CfnOutput(this, 'DomainUrl', { value: prod.isAlsoAt(domain, 'orders') })
    new CfnOutput(this, 'DevDomainUrl', { value: dev.isAlsoAt(domain, 'orders-dev') })
  }
}
