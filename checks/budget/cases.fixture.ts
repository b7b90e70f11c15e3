/** The parts that every case shares, by logical id. */
export const ground = {
  Rows: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
  },
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
  },
  // The stage is called as a word that an ARN could have by chance.
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: 'room' } },
}

export const trust = (Principal: unknown = { Service: 'lambda.amazonaws.com' }) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
})

export const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})

const arn = (service: string, rest: string) => ({
  'Fn::Sub': `arn:aws:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`,
})
export const table = { 'Fn::GetAtt': ['Rows', 'Arn'] }
const inTable = (rest: string) => ({ 'Fn::Sub': `\${Rows.Arn}${rest}` })
export const posts = arn('execute-api', '${Api}/room/POST/@connections/*')
const LOGS = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'

/** A role: statements of its inline policy, and whatever else it has. */
export interface Case {
  readonly statements?: readonly object[]
  readonly managed?: readonly string[]
  readonly trust?: object
  /** The policy of a table of the case's own. `ROLE` stands for the role's ARN. */
  readonly tablePolicy?: (role: unknown) => object
  /** What the role is found allowed. */
  readonly allowed?: RegExp
}

/** Each grants too much. */
export const tooMuch: Readonly<Record<string, Case>> = {
  'everything in the region': {
    statements: [
      allow('dynamodb:*', '*', {
        Condition: { StringEquals: { 'aws:RequestedRegion': { Ref: 'AWS::Region' } } },
      }),
    ],
    allowed: /DeleteTable|another|is allowed dynamodb:/,
  },
  'everything in another region': {
    statements: [
      allow('dynamodb:*', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-north-1' } } }),
    ],
  },
  'everything over TLS': {
    statements: [allow('dynamodb:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
  },
  'everything of this account': {
    statements: [
      allow('dynamodb:*', '*', {
        Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ],
  },
  'everything from some addresses': {
    statements: [
      allow('dynamodb:*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
    ],
  },
  'everything since a date': {
    statements: [
      allow('dynamodb:*', '*', {
        Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
      }),
    ],
  },
  'everything with a tag': {
    statements: [
      allow('dynamodb:*', '*', { Condition: { StringEquals: { 'aws:ResourceTag/app': 'chat' } } }),
    ],
  },
  'some rows of every table': {
    statements: [
      allow('dynamodb:GetItem', '*', {
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['guest-*'] } },
      }),
    ],
    allowed: /dynamodb:GetItem on \S+table\//,
  },
  'the connections of every API with such a stage': {
    statements: [allow('execute-api:ManageConnections', arn('execute-api', '*/room/POST/@connections/*'))],
    allowed: /execute-api:ManageConnections on \S+room\/POST\/@connections/,
  },
  'the connections of every API': { statements: [allow('execute-api:ManageConnections', '*')] },
  'the connections of APIs with such an id': {
    statements: [
      allow('execute-api:ManageConnections', arn('execute-api', '${Api}*/room/POST/@connections/*')),
    ],
  },
  'coming in everywhere': { statements: [allow('execute-api:Invoke', '*')], allowed: /execute-api:Invoke/ },
  'queries of every table': { statements: [allow('dynamodb:Query', '*')], allowed: /dynamodb:Query/ },
  'batches of every table': { statements: [allow('dynamodb:BatchGetItem', '*')], allowed: /BatchGetItem/ },
  'updates of every table': { statements: [allow('dynamodb:UpdateItem', '*')], allowed: /UpdateItem/ },
  'tables with the stack’s name': {
    statements: [
      allow(['dynamodb:GetItem', 'dynamodb:PutItem'], arn('dynamodb', 'table/${AWS::StackName}-*')),
    ],
    allowed: /dynamodb:GetItem, dynamodb:PutItem on/,
  },
  'tables whose names continue': { statements: [allow('dynamodb:GetItem', inTable('*'))] },
  'tables whose names differ by a letter': {
    statements: [allow('dynamodb:GetItem', arn('dynamodb', 'table/??????????????????????????????'))],
  },
  'one table by name': {
    statements: [allow('dynamodb:GetItem', arn('dynamodb', 'table/Payroll'))],
    allowed: /GetItem on \S+table\/Payroll$/,
  },
  'the time to live': {
    statements: [allow('dynamodb:UpdateTimeToLive', table)],
    allowed: /UpdateTimeToLive/,
  },
  'the table’s policy': {
    statements: [allow('dynamodb:PutResourcePolicy', table)],
    allowed: /PutResourcePolicy/,
  },
  'deleting, in capitals': { statements: [allow('DYNAMODB:DELETETABLE', table)], allowed: /DeleteTable/ },
  'deleting, by a wildcard': { statements: [allow('dynamodb:D?lete*', table)], allowed: /DeleteTable/ },
  'exports and backups': {
    statements: [allow(['dynamodb:ExportTableToPointInTime', 'dynamodb:CreateBackup'], table)],
  },
  'being other roles': { statements: [allow('sts:AssumeRole', '*')], allowed: /sts:AssumeRole/ },
  'being one other role': {
    statements: [allow('sts:AssumeRole', { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/Admin' })],
    allowed: /sts:AssumeRole on \S+role\/Admin$/,
  },
  'handing roles on': { statements: [allow('iam:PassRole', '*')], allowed: /iam:PassRole/ },
  'every function’s code': { statements: [allow('lambda:UpdateFunctionCode', '*')] },
  'invoking every function': { statements: [allow('lambda:InvokeFunction', '*')] },
  'every object': { statements: [allow('s3:GetObject', 'arn:aws:s3:::*/*')], allowed: /s3:GetObject/ },
  'every queue': { statements: [allow('sqs:SendMessage', '*')] },
  'a service that labs have nothing to do with': {
    statements: [allow('ec2:RunInstances', '*')],
    allowed: /ec2:RunInstances/,
  },
  'all of such a service': { statements: [allow('ses:*', '*')], allowed: /is allowed ses:/ },
  'all but one action': { statements: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] },
  'all tables but one': {
    statements: [
      { Effect: 'Allow', Action: 'dynamodb:GetItem', NotResource: arn('dynamodb', 'table/Payroll') },
    ],
    allowed: /GetItem/,
  },
  'everything, but for a Deny of what is looked for': {
    statements: [
      allow('dynamodb:*', table),
      { Effect: 'Deny', Action: ['dynamodb:DeleteTable', 'dynamodb:UpdateTable'], Resource: '*' },
    ],
    allowed: /is allowed dynamodb:/,
  },
  'logs of others': { statements: [allow('logs:*', '*')], allowed: /is allowed logs:/ },
  'a managed policy of AWS': {
    managed: ['arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess'],
    allowed: /is allowed dynamodb:/,
  },
  'what only functions in a VPC need': {
    managed: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
    allowed: /is allowed ec2:/,
  },
  'a role that others can take on': {
    trust: trust({ AWS: { Ref: 'AWS::AccountId' } }),
    allowed: /its trust policy/,
  },
  'a role that everybody can take on': { trust: trust('*'), allowed: /its trust policy/ },
  'a table that gives the role everything': {
    tablePolicy: role => ({ Effect: 'Allow', Principal: { AWS: role }, Action: 'dynamodb:*', Resource: '*' }),
    allowed: /is allowed dynamodb:/,
  },
  'a table that gives everybody its rows': {
    tablePolicy: () => ({ Effect: 'Allow', Principal: '*', Action: 'dynamodb:GetItem', Resource: '*' }),
    allowed: /lets in everybody/,
  },
}

/** Each is what some honest fix has. */
export const enough: Readonly<Record<string, Case>> = {
  'nothing but logs': { managed: [LOGS] },
  'what grants give': {
    managed: [LOGS],
    statements: [
      allow(
        [
          'dynamodb:BatchGetItem',
          'dynamodb:Query',
          'dynamodb:GetItem',
          'dynamodb:Scan',
          'dynamodb:ConditionCheckItem',
          'dynamodb:DescribeTable',
        ],
        table,
      ),
      allow(
        ['dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        [table, inTable('/index/*')],
      ),
      allow('execute-api:ManageConnections', arn('execute-api', '${Api}/room/*/@connections/*')),
    ],
  },
  'one statement': {
    statements: [allow(['dynamodb:Scan', 'execute-api:ManageConnections'], [table, posts])],
  },
  'the table and what is under it': {
    statements: [allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table, inTable('/*')])],
  },
  'any region and account': {
    statements: [allow('dynamodb:Scan', { 'Fn::Sub': 'arn:aws:dynamodb:*:*:table/${Rows}' })],
  },
  'every stage of its API': {
    statements: [allow('execute-api:ManageConnections', arn('execute-api', '${Api}/*'))],
  },
  'rows under a condition': {
    statements: [
      allow('dynamodb:PutItem', table, {
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*'] } },
      }),
    ],
  },
  'everything, but for a Deny of all the rest': {
    statements: [
      allow('dynamodb:*', table),
      { Effect: 'Deny', NotAction: ['dynamodb:Scan', 'dynamodb:PutItem'], Resource: '*' },
    ],
  },
  'traces and metrics': {
    statements: [
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'cloudwatch:PutMetricData'], '*'),
    ],
  },
  'a table that gives the role its rows': {
    tablePolicy: role => ({
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: '*',
    }),
  },
}
