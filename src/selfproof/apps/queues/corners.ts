import { Aws, CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import {
  CfnIntegration,
  CfnIntegrationResponse,
  PassthroughBehavior,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketAwsIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Code,
  FilterCriteria,
  FilterRule,
  type FunctionOptions,
  Function as Lambda,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import {
  FilterOrPolicy,
  Subscription,
  SubscriptionFilter,
  SubscriptionProtocol,
  Topic,
} from 'aws-cdk-lib/aws-sns'
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/**
 * What is rarer: destinations of invocations, a filter on the body, a subscription with dead letters of its own, a
 * mapping that filters and gathers, and an API that sends to a queue without a function, and says what SQS said.
 */
export class CornersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const queue = (name: string) => {
      const made = new Queue(this, name, { enforceSSL: true })
      new CfnOutput(this, `${name}Url`, { value: made.queueUrl })
      return made
    }
    const [failures, successes, missed] = [queue('Failures'), queue('Successes'), queue('Missed')]
    const jobs = new Queue(this, 'Jobs', {
      visibilityTimeout: Duration.minutes(2),
      deadLetterQueue: { queue: missed, maxReceiveCount: 5 },
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    })
    new CfnOutput(this, 'JobsUrl', { value: jobs.queueUrl })

    const done = new Topic(this, 'Done')
    done.addSubscription(new SqsSubscription(successes, { rawMessageDelivery: true }))
    const topic = new Topic(this, 'Topic', { enforceSSL: true, displayName: 'Jobs' })
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn })
    const worker = this.#worker('Worker', {
      onFailure: new SqsDestination(failures),
      onSuccess: new SnsDestination(done),
      retryAttempts: 0,
    })
    const kind = SubscriptionFilter.stringFilter({ allowlist: ['job'] })
    topic.addSubscription(
      new LambdaSubscription(worker, { filterPolicyWithMessageBody: { kind: FilterOrPolicy.filter(kind) } }),
    )
    // No policy lets the topic in there.
    new Subscription(this, 'ToJobs', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: jobs.queueArn,
      deadLetterQueue: missed,
    })

    const gatherer = this.#worker('Gatherer', {})
    gatherer.addEventSource(
      new SqsEventSource(jobs, {
        maxBatchingWindow: Duration.seconds(30),
        maxConcurrency: 2,
        filters: [FilterCriteria.filter({ body: { kind: FilterRule.isEqual('job') } })],
      }),
    )
    this.#api(jobs)
  }

  #worker(id: string, options: Partial<FunctionOptions>) {
    const code = Code.fromInline(WORKER)
    return new Lambda(this, id, { code, handler: 'index.handler', runtime: Runtime.NODEJS_22_X, ...options })
  }

  #api(jobs: Queue) {
    const api = new WebSocketApi(this, 'Api')
    const role = new Role(this, 'Sender', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') })
    const integration = (id: string, queueName: string) =>
      new WebSocketAwsIntegration(id, {
        integrationUri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:sqs:path/${Aws.ACCOUNT_ID}/${queueName}`,
        integrationMethod: 'POST',
        credentialsRole: role,
        passthroughBehavior: PassthroughBehavior.NEVER,
        requestParameters: {
          'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'",
        },
        requestTemplates: { $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))" },
        templateSelectionExpression: '\\$default',
      })
    const returnResponse = true
    api.addRoute('job', { integration: integration('Job', jobs.queueName), returnResponse })
    api.addRoute('nowhere', { integration: integration('Nowhere', 'nowhere'), returnResponse })
    const made = api.node.findAll().filter(one => one instanceof CfnIntegration)
    for (const [index, { ref }] of made.entries()) {
      const integrationResponseKey = '$default'
      const response = { apiId: api.apiId, integrationId: ref, integrationResponseKey }
      new CfnIntegrationResponse(this, `Response${index}`, response)
    }
    const live = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    new CfnOutput(this, 'Url', { value: live.url })
    jobs.grantSendMessages(role)
  }
}

/** Fails when it is told to, and says how many messages it was given. */
const WORKER = `
exports.handler = async ({ Records }) => {
  if (JSON.stringify(Records).includes('fail')) throw new Error('told to')
  return { records: Records.length }
}
`
