import type { Picture } from './picture.ts'

/** How a CDK app, clients and tools reach the local cloud, and what runs in it. */
export const localCloud: Picture = {
  title: 'The local cloud',
  says: 'Your CDK app is deployed by CloudFormation. wscat or a page opens sockets to the WebSocket APIs. The AWS CLI and SDKs call the AWS API with signed requests. All three are ports of your machine. Behind them run functions, tables, queues and topics. Functions call the AWS API, and IAM decides about each call.',
  columns: [
    [
      { id: 'app', kind: 'folder', name: 'your CDK app', lines: ['cdk.out, or cdk deploy'] },
      { id: 'page', kind: 'client', name: 'wscat, a page', lines: ['ws://localhost:PORT'] },
      { id: 'tools', kind: 'client', name: 'AWS CLI, SDKs', lines: ['signed requests'] },
    ],
    [
      {
        id: 'cloud',
        kind: 'cloud',
        name: 'a process on your machine',
        lines: ['listens on 127.0.0.1 only,', 'asks IAM about every call'],
        rows: ['CloudFormation', 'WebSocket APIs', 'AWS API'],
      },
    ],
    [
      { id: 'functions', kind: 'function', name: 'functions', lines: ['a process for each instance'] },
      { id: 'tables', kind: 'table', name: 'tables' },
      { id: 'queues', kind: 'queue', name: 'queues' },
      { id: 'topics', kind: 'topic', name: 'topics' },
    ],
  ],
  arrows: [
    { from: 'app', to: 'cloud/CloudFormation' },
    { from: 'page', to: 'cloud/WebSocket APIs' },
    { from: 'tools', to: 'cloud/AWS API', dashed: true },
    { from: 'cloud/WebSocket APIs', to: 'functions' },
    { from: 'functions', to: 'cloud/AWS API', dashed: true },
    { from: 'cloud/AWS API', to: 'tables' },
    { from: 'cloud/AWS API', to: 'queues' },
    { from: 'cloud/AWS API', to: 'topics' },
  ],
}
