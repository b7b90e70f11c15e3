import { Names } from 'aws-cdk-lib'
import { IpAddresses, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2'
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache'
import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { Construct } from 'constructs'

/**
 * The history in ElastiCache Serverless for Valkey, which is only available inside a VPC.
 *
 * One function is in there with it, and no other: from these subnets nothing leads outside, so a function in them could
 * reach neither DynamoDB nor anybody's socket. It need not: Lambda brings it the queue's messages, and the others' questions.
 */
export function historyInRedis(scope: Construct, handler: (props: FunctionOptions) => NodejsFunction) {
  const vpc = new Vpc(scope, 'Inside', {
    ipAddresses: IpAddresses.cidr('10.6.0.0/24'),
    maxAzs: 2,
    natGateways: 0,
    // Its rules are emptied by a custom resource, whose function would outlive the stack's logs.
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'Inside', subnetType: SubnetType.PRIVATE_ISOLATED }],
  })
  const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED }
  const asks = new SecurityGroup(scope, 'AsksTheCache', { vpc })
  const answers = new SecurityGroup(scope, 'IsTheCache', { vpc, allowAllOutbound: false })
  answers.addIngressRule(asks, Port.tcp(6379), 'the history function, and nobody else')

  const cache = new CfnServerlessCache(scope, 'Cache', {
    engine: 'valkey',
    majorEngineVersion: '8',
    serverlessCacheName: Names.uniqueResourceName(scope, { maxLength: 30, separator: '-' }).toLowerCase(),
    securityGroupIds: [answers.securityGroupId],
    subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    // A cost brake, as the throttle of the stage is one.
    cacheUsageLimits: { dataStorage: { maximum: 1, unit: 'GB' }, ecpuPerSecond: { maximum: 1000 } },
  })
  return handler({
    vpc,
    vpcSubnets,
    securityGroups: [asks],
    environment: { REDIS_HOST: cache.attrEndpointAddress, REDIS_PORT: cache.attrEndpointPort },
  })
}
