import { lab6 } from '../../labs/lab6-graphql-subscriptions/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const DELIVER = 'handlers/deliver.ts'
const OPERATE = 'handlers/operate.ts'
const IN_DELIVER = "const deliver = this.handler('deliver'"
const IN_CONVERSE = "const converse = this.handler('converse')"
const POST = '  await post(connectionId, dialects[subprotocol].result(id, result))\n'
const FAILED = "if (!('kind' in document)) return post(connectionId, dialect.failed(id, document))"
const ANSWERED =
  '    await post(connectionId, dialect.result(id, discreet(await execute({ ...asked, rootValue: resolvers }))))\n'
const COMPLETE = "    return post(connectionId, { type: 'complete', id })\n"
const KEPT = '  if (!kept) await hangUp(connectionId, 4409, `Subscriber for ${id} already exists`)\n'

proveDiagnoses(lab6, [
  {
    title: 'no answer to an offer',
    in: {
      'handlers/connect.ts': [
        [
          "...(offered && { headers: { 'Sec-WebSocket-Protocol': chosen } })",
          '...(!offered && { body: chosen })',
        ],
      ],
    },
    at: 'protocols-are-agreed-on',
    means: /without a word on the protocols/,
    where: "const connect = this.handler('connect')",
  },
  {
    title: 'a duplicate',
    in: { [DELIVER]: [[POST, `${POST}${POST}`]] },
    at: 'messages-arrive',
    means: /which was published once, was shown more than once/,
    where: IN_DELIVER,
  },
  {
    title: 'a replay to those who come late',
    in: {
      [OPERATE]: [
        [
          KEPT,
          `  if (!kept) return hangUp(connectionId, 4409, \`Subscriber for \${id} already exists\`)
  const [message] = await last(room, 1)
  if (message) await post(connectionId, dialect.result(id, await execute({ ...asked, rootValue: { message } })))
`,
        ],
        [
          "import { dialects } from './dialects.ts'\n",
          "import { dialects } from './dialects.ts'\nimport { last } from './history.ts'\n",
        ],
      ],
    },
    at: 'messages-arrive',
    means: /A client that came later was told what had been said before/,
    where: IN_CONVERSE,
  },
  {
    title: 'a query that is never completed',
    in: { [OPERATE]: [[`${ANSWERED}${COMPLETE}`, ANSWERED.replace('await post', 'return post')]] },
    at: 'messages-arrive',
    means: /the operation was never completed/,
    where: IN_CONVERSE,
  },
  {
    title: 'a client that is thrown off once it has heard something',
    in: {
      [DELIVER]: [
        [POST, `${POST}  await hangUp(connectionId, 1000, 'That was all')\n`],
        ["import { post } from './post.ts'", "import { hangUp, post } from './post.ts'"],
      ],
    },
    at: 'messages-arrive',
    means: /The client did not end it/,
    where: IN_DELIVER,
  },
  {
    title: 'a text that is cut',
    in: {
      'handlers/message.ts': [
        [
          'from.displayName }, content, sentAt }',
          'from.displayName }, content: content.slice(0, 100), sentAt }',
        ],
      ],
    },
    at: 'messages-arrive',
    means: /but changed: it came back cut after 100 characters/,
  },
  {
    title: 'a subscription that overwrites another',
    in: {
      'handlers/subscriptions.ts': [
        [
          'const partOf = (id: string) => `subscription ${id}`',
          "const partOf = (_id: string) => 'subscription'",
        ],
        [
          "        ConditionExpression: 'attribute_not_exists(connectionId)',\n",
          "        ConditionExpression: 'attribute_not_exists(connectionId) OR id <> :id',\n        ExpressionAttributeValues: { ':id': subscription.id },\n",
        ],
      ],
    },
    at: 'each-hears-their-own',
    means: /another took its place/,
    where: IN_CONVERSE,
  },
  {
    title: 'fields that nobody asked for',
    in: { [DELIVER]: [['result(id, result))', 'result(id, { ...result, data: { message } }))']] },
    at: 'messages-arrive',
    means: /The result is not what the document asks for: it has fields that were not asked for: message\.id/,
    where: IN_DELIVER,
  },
  {
    title: 'a socket that is closed instead of an error',
    in: {
      [OPERATE]: [
        [FAILED, "if (!('kind' in document)) return hangUp(connectionId, 4400, 'Invalid document')"],
      ],
    },
    at: 'errors-are-frames',
    means: /The connection was closed because of a mistake in a query/,
    where: IN_CONVERSE,
  },
  {
    title: 'rooms whose names are trimmed',
    in: {
      [DELIVER]: [['subscriptionsTo(message.room)', 'subscriptionsTo(message.room.trim())']],
      [OPERATE]: [['room = arguments_.room\n', 'room = arguments_.room.trim()\n']],
    },
    at: 'rooms-are-apart',
    means: /name only looks like that of its own/,
    where: IN_DELIVER,
  },
  {
    title: 'one protocol for all',
    in: {
      [DELIVER]: [
        ['dialects[subprotocol].result', "dialects['graphql-transport-ws'].result"],
        ['{ connectionId, id, subprotocol, ...asked }', '{ connectionId, id, ...asked }'],
      ],
    },
    at: 'the-older-protocol',
    means: /heard a frame of the other protocol/,
    where: IN_DELIVER,
  },
  {
    title: 'a history in reverse order',
    in: { 'handlers/history.ts': [['Items.reverse() as', 'Items as']] },
    at: 'history-is-told',
    means: /in another order than that of their times/,
    where: IN_CONVERSE,
  },
  {
    title: 'a topic that may not send',
    in: { [STACK]: [["'aws:SourceArn': topic.topicArn", "'aws:SourceArn': queue.queueArn"]] },
    at: 'messages-arrive',
    means: /Follow it from there/,
    where: "this.fanOut(said, 'Deliveries', deliver)",
  },
  {
    title: 'a queue that takes from all topics of the account',
    in: {
      [STACK]: [
        ["'aws:SourceArn': topic.topicArn", "'aws:SourceArn': `arn:aws:sns:*:${this.account}:*`"],
        ['ArnEquals', 'ArnLike'],
      ],
    },
    at: 'nothing-more',
    means: /The queue takes messages from another topic of the account/,
  },
])
