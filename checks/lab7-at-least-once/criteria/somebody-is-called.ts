import type { Criterion } from '#kit'
import { somebodyIsCalled as isCalled } from '../alarm.ts'

/** An alarm for each dead-letter queue: of a metric that grows, from the first message on, with an action. */
export const somebodyIsCalled: Criterion = {
  id: 'somebody-is-called',
  says: 'An alarm tells somebody when a message has been put aside',
  hint: 'docs/at-least-once.md#an-alarm-that-goes-off',
  after: ['poison-is-put-aside'],
  probe: isCalled,
  diagnoses: [
    {
      when: /namespace/,
      means:
        'Nothing is ever measured there, so the alarm never goes off. The metrics of queues are in AWS/SQS.',
    },
    {
      when: /NumberOfMessages(Sent|Received|Deleted)/,
      means:
        'That metric counts what somebody does with SendMessage and ReceiveMessage. SQS itself moves a message to its dead-letter queue, and that is not counted.',
    },
    {
      when: /the statistic/,
      means: 'That statistic is the same whether there are messages or not.',
    },
    { when: /without an action/, means: 'It changes its colour on a page at which nobody looks.' },
    {
      when: /when nothing is measured/,
      means:
        'SQS measures nothing of a queue that nobody uses. An alarm that goes off then calls somebody every night, until nobody listens any more.',
    },
    {
      when: /it goes off/,
      means: 'Each message that is put aside is somebody who did not hear something.',
    },
    {
      when: /no alarm about/,
      means:
        'A dead-letter queue is a place where messages are forgotten, unless somebody is told that there is one. There are two of them.',
    },
    { means: 'The alarm is about something that says nothing about the messages in the dead-letter queue.' },
  ],
}
