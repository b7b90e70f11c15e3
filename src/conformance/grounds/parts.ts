import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { type WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2'
import { CfnPermission, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { transformSync } from 'esbuild'
import type { Order } from '../puppet.ts'

/** The puppet's code, as small as it gets: a template has 51,200 bytes for everything. */
const code = transformSync(readFileSync(fileURLToPath(new URL('../puppet.ts', import.meta.url)), 'utf8'), {
  loader: 'ts',
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
}).code

/** How a puppet differs from the ordinary. */
export interface PuppetOptions {
  /** What it does when nothing else is ordered. */
  readonly do?: Order
  /** Seconds; 10 unless given. */
  readonly timeout?: number
  readonly reservedConcurrency?: number
  readonly code?: string
  readonly handler?: string
  /** Where it is put. */
  readonly vpc?: { readonly vpc: Vpc; readonly subnetType: SubnetType }
}

/** A function that does what it is ordered to (see puppet.ts). The name of its log group is the output `<id>LogName`. */
export function puppet(stack: Stack, id: string, options: PuppetOptions = {}): LambdaFunction {
  const logGroup = new LogGroup(stack, `${id}Log`, {
    retention: RetentionDays.ONE_DAY,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  output(stack, `${id}LogName`, logGroup.logGroupName)
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: options.handler ?? 'index.handler',
    code: Code.fromInline(options.code ?? code),
    timeout: Duration.seconds(options.timeout ?? 10),
    logGroup,
    ...(options.vpc && {
      // CDK's own types do not agree under exactOptionalPropertyTypes.
      vpc: options.vpc.vpc as IVpc,
      vpcSubnets: { subnetType: options.vpc.subnetType },
    }),
    ...(options.do && { environment: { DO: JSON.stringify(options.do) } }),
    ...(options.reservedConcurrency !== undefined && {
      reservedConcurrentExecutions: options.reservedConcurrency,
    }),
  })
}

/** A stage that deploys by itself. Its `wss://` URL is an output of that name. */
export function live(api: WebSocketApi, name = 'Url', stageName = 'live'): WebSocketStage {
  const stage = new WebSocketStage(api, `${name}Stage`, { webSocketApi: api, stageName, autoDeploy: true })
  output(api.stack, name, stage.url)
  return stage
}

/** An output that keeps its name. */
export function output(stack: Stack, name: string, value: string): void {
  new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name)
}

/** Takes away the permission to invoke functions that CDK gave under a construct, where the construct's path matches. */
export function withoutLeave(scope: Construct, path = /./): void {
  for (const one of scope.node.findAll()) {
    if (one instanceof CfnPermission && path.test(one.node.path))
      one.node.scope?.node.tryRemoveChild(one.node.id)
  }
}
