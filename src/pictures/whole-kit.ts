import type { Picture } from './picture.ts'

/** What happens when somebody checks a lab. */
export const wholeKit: Picture = {
  title: 'How a check works',
  says: 'You edit the stack and the handlers of a lab. The check synthesizes the stack with CDK and deploys it into the local cloud, or into your AWS account. It opens sockets to the stack as clients would, and tries each promise. Then it reports what it found, with hints that lead to the docs.',
  columns: [
    [{ id: 'lab', kind: 'folder', name: 'starter/lab1', lines: ['stack.ts, handlers/', 'you edit these'] }],
    [
      {
        id: 'check',
        kind: 'tool',
        name: 'npm run check',
        lines: ['compiles and synthesizes', 'deploys with CDK', 'tries each promise', 'reports'],
      },
    ],
    [
      {
        id: 'local',
        kind: 'cloud',
        name: 'on your machine',
        rows: ['API Gateway', 'Lambda', 'DynamoDB, SQS, SNS …', 'IAM'],
      },
      { id: 'aws', kind: 'cloud', name: 'or: your AWS account', lines: ['--target aws'] },
    ],
  ],
  arrows: [
    { from: 'lab', to: 'check' },
    { from: 'check', to: 'local' },
    { from: 'check', to: 'aws' },
  ],
}
