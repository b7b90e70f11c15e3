import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CfnCondition,
  CfnMapping,
  CfnOutput,
  CfnParameter,
  Duration,
  Fn,
  Stack,
  type StackProps,
} from 'aws-cdk-lib'
import { CfnDeployment, CfnStage, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { type CfnFunction, Code, Function as Lambda, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { CfnLogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

const here = fileURLToPath(new URL('.', import.meta.url))
const house = fileURLToPath(new URL('../../../../', import.meta.url))

/** A chat with what is common in the wild: a layer, `logRetention`, a mapping, conditions, deployments made by hand. */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, { table, ...props }: StackProps & { table: Table }) {
    super(scope, id, props)
    const handler = (name: string) =>
      new NodejsFunction(this, name, {
        entry: join(here, 'handlers', `${name}.ts`),
        projectRoot: house,
        depsLockFilePath: join(house, 'package-lock.json'),
        runtime: Runtime.NODEJS_22_X,
        environment: { TABLE: table.tableName },
        timeout: Duration.seconds(10),
        logRetention: RetentionDays.ONE_WEEK,
      })
    const [enter, leave, say, vote] = [handler('enter'), handler('leave'), handler('say'), handler('vote')]
    const shout = new Lambda(this, 'shout', {
      code: Code.fromAsset(join(here, 'shouting')),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_20_X,
      layers: [megaphone(this)],
    })

    const api = new WebSocketApi(this, 'Api', { routeSelectionExpression: '$request.body.type' })
    const route = (key: string, fn: Lambda) =>
      api.addRoute(key, { integration: new WebSocketLambdaIntegration(key.replace('$', ''), fn) })
    route('$connect', enter)
    route('$disconnect', leave)
    route('say', say)
    route('shout', shout)
    route('vote', vote)

    // A stage that deploys by itself and is pointed to a deployment as well, and one that keeps to what it was given.
    const deployment = new CfnDeployment(this, 'Deployment', { apiId: api.apiId })
    deployment.node.addDependency(...api.node.findAll().filter(one => one.node.id.endsWith('-Route')))
    const stage = (stageName: string, autoDeploy: boolean) =>
      new CfnStage(this, stageName, {
        apiId: api.apiId,
        stageName,
        autoDeploy,
        deploymentId: deployment.attrDeploymentId,
      })
    stage('live', true)
    stage('frozen', false)

    byMapping(this, shout)
    new CfnOutput(this, 'Url', {
      value: Fn.sub('wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live', { Api: api.apiId }),
    })
    new CfnOutput(this, 'Frozen', { value: Fn.join('/', [api.apiEndpoint, 'frozen']) })

    // Who may do what. Nobody may write to the table for `vote`.
    table.grantReadWriteData(enter)
    table.grantReadWriteData(leave)
    table.grantReadWriteData(say)
    table.grantReadData(vote)
    for (const fn of [say, shout]) api.grantManageConnections(fn)
  }
}

/** A layer with one package in it, laid out as Lambda wants it. */
function megaphone(scope: Construct): LayerVersion {
  const bundling = {
    image: Runtime.NODEJS_20_X.bundlingImage,
    local: {
      tryBundle(folder: string) {
        const home = join(folder, 'nodejs', 'node_modules', 'megaphone')
        mkdirSync(home, { recursive: true })
        writeFileSync(join(home, 'index.js'), 'exports.loud = text => `${text.toUpperCase()}!`\n')
        return true
      },
    },
  }
  return new LayerVersion(scope, 'Megaphone', { code: Code.fromAsset(join(here, 'shouting'), { bundling }) })
}

/** A memory size by region, and a log group that is there on one condition and one that is there on the other. */
function byMapping(scope: Stack, fn: Lambda): void {
  const sizes = new CfnMapping(scope, 'Sizes', {
    mapping: { 'us-east-1': { memory: 192 }, 'eu-west-1': { memory: 256 } },
    lazy: false,
  })
  const size = new CfnParameter(scope, 'Audience', { default: 'small', allowedValues: ['small', 'large'] })
  const isLarge = new CfnCondition(scope, 'IsLarge', {
    expression: Fn.conditionOr(
      Fn.conditionEquals(size.valueAsString, 'large'),
      Fn.conditionEquals(scope.region, 'eu-west-1'),
    ),
  })
  const resource = fn.node.defaultChild as CfnFunction
  resource.addPropertyOverride('MemorySize', sizes.findInMap(scope.region, 'memory'))
  resource.addPropertyOverride('Description', Fn.conditionIf('IsLarge', 'for many', 'for few'))
  new CfnLogGroup(scope, 'Crowd').cfnOptions.condition = isLarge
  new CfnLogGroup(scope, 'Few').cfnOptions.condition = new CfnCondition(scope, 'IsSmall', {
    expression: Fn.conditionNot(isLarge),
  })
}
