import { lab7 } from '../../labs/lab7-at-least-once/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const IN_DELIVER = "const deliver = this.handler('deliver'"
const IN_REMEMBER = "const remember = this.handler('remember'"
const IN_FAN_OUT = 'const queue = new Queue(this, name, {'
const REDRIVE = '      deadLetterQueue: { queue: deadLetters, maxReceiveCount: TRIES },\n'
const PERIOD = '{ period: Duration.minutes(1) }'
const KEY = '`${message.id} ${connectionId} ${id}`'

proveDiagnoses(lab7, [
  {
    title: 'a duplicate',
    in: { 'handlers/deliver.ts': [[KEY, '`${message.id} ${connectionId} ${id} ${Math.random()}`']] },
    at: 'each-message-once',
    means: /Nothing notes which clients have seen it before/,
    where: IN_DELIVER,
  },
  {
    title: 'a message that is not shown because another says the same',
    in: { 'handlers/deliver.ts': [[KEY, '`${message.content} ${connectionId} ${id}`']] },
    at: 'each-message-once',
    means: /because another message said the same/,
    where: IN_DELIVER,
  },
  {
    title: 'notes that are forgotten after a minute',
    in: {
      'handlers/once.ts': [
        ['hoursAfter(Date.now(), 24)', 'hoursAfter(Date.now(), 1 / 60)'],
        [
          "'attribute_not_exists(delivery)',",
          "'attribute_not_exists(delivery) OR expiresAt < :now',\n        ExpressionAttributeValues: { ':now': hoursAfter(Date.now(), 0) },",
        ],
      ],
    },
    at: 'once-however-late',
    means: /forgotten too soon/,
    where: IN_DELIVER,
  },
  {
    title: 'a history that has a message twice',
    in: { 'handlers/history.ts': [['${message.id}`', '${Math.random()}`']] },
    at: 'remembered-once',
    means: /is remembered twice/,
    where: IN_REMEMBER,
  },
  {
    title: 'a queue without a dead-letter queue',
    in: {
      [STACK]: [
        [
          REDRIVE,
          "      ...(name === 'Memories' && { deadLetterQueue: { queue: deadLetters, maxReceiveCount: TRIES } }),\n",
        ],
      ],
    },
    at: 'poison-is-put-aside',
    means: /has no dead-letter queue/,
    where: IN_FAN_OUT,
  },
  {
    title: 'a dead-letter queue that is not the one meant',
    in: {
      [STACK]: [
        [
          "    this.fanOut(said, 'Deliveries', deliver, alarms)\n    this.fanOut(said, 'Memories', remember, alarms)\n",
          "    const memories = this.fanOut(said, 'Memories', remember, alarms)\n    this.fanOut(said, 'Deliveries', deliver, alarms, memories)\n",
        ],
        ['alarms: Topic) {', 'alarms: Topic, shelf?: Queue) {'],
        ['    const deadLetters = new Queue(', '    const deadLetters = shelf ?? new Queue('],
        [
          '      .addAlarmAction(new SnsAction(alarms))\n',
          '      .addAlarmAction(new SnsAction(alarms))\n    return queue\n',
        ],
      ],
    },
    at: 'poison-is-put-aside',
    means: /It is no dead-letter queue/,
    where: "this.fanOut(said, 'Deliveries', deliver, alarms, memories)",
  },
  {
    title: 'poison that is dropped',
    in: {
      'handlers/each-record.ts': [
        ['return { batchItemFailures }', 'return { batchItemFailures: batchItemFailures.slice(0, 0) }'],
      ],
    },
    at: 'poison-is-put-aside',
    means: /told SQS that it had dealt with them/,
    where: IN_FAN_OUT,
  },
  {
    title: 'good messages that are given up with the bad ones',
    in: {
      [STACK]: [['reportBatchItemFailures: true', "reportBatchItemFailures: name === 'Deliveries'"]],
      'handlers/remember.ts': [
        [
          '  eachRecord(event, record => orAgainSoon(record, async () => add(readMessage(record.body))))\n',
          "  eachRecord(event, async record => add(readMessage(record.body))).then(({ batchItemFailures }) => {\n    if (batchItemFailures.length > 0) throw new Error('Not all could be read')\n  })\n",
        ],
        ["import { orAgainSoon } from './or-again-soon.ts'\n", ''],
      ],
    },
    at: 'poison-is-put-aside',
    means: /all messages of the batch were tried again, and given up with it/,
  },
  {
    title: 'an alarm in another namespace',
    in: {
      [STACK]: [
        [
          `    deadLetters\n      .metricApproximateNumberOfMessagesVisible(${PERIOD})\n`,
          "    new Metric({\n      namespace: 'SQS',\n      metricName: 'ApproximateNumberOfMessagesVisible',\n      dimensionsMap: { QueueName: deadLetters.queueName },\n      statistic: 'Maximum',\n    })\n",
        ],
        ['{ ComparisonOperator, TreatMissingData }', '{ ComparisonOperator, Metric, TreatMissingData }'],
      ],
    },
    at: 'somebody-is-called',
    means: /Nothing is ever measured there/,
  },
  {
    title: 'an alarm that counts measurements',
    in: { [STACK]: [[PERIOD, "{ period: Duration.minutes(1), statistic: 'SampleCount' }"]] },
    at: 'somebody-is-called',
    means: /the same whether there are messages or not/,
  },
  {
    title: 'no alarm for the history',
    in: {
      [STACK]: [
        [
          '    deadLetters\n      .metric',
          "    if (name === 'Memories') return\n    deadLetters\n      .metric",
        ],
      ],
    },
    at: 'somebody-is-called',
    means: /There are two of them/,
    where: 'const deadLetters = new Queue(',
  },
  {
    title: 'a queue that takes from everybody but the account',
    in: {
      [STACK]: [
        [
          "    const fromTopic = { ArnEquals: { 'aws:SourceArn': topic.topicArn } }\n    queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com', { conditions: fromTopic }))\n",
          "    queue.addToResourcePolicy(\n      new PolicyStatement({\n        principals: [new AnyPrincipal()],\n        actions: ['sqs:SendMessage'],\n        resources: [queue.queueArn],\n        conditions: { StringNotEquals: { 'aws:PrincipalAccount': this.account } },\n      }),\n    )\n",
        ],
        ['{ ServicePrincipal }', '{ AnyPrincipal, PolicyStatement }'],
      ],
    },
    at: 'nothing-more',
    means: /people of other accounts|takes messages from/,
  },
])
