import net, { type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultAccount as account } from '../account.ts'
import type { Physical } from '../cloudformation/resource.ts'
import { lambdaForTests } from '../lambda/lambda.fixture.ts'
import { type Ec2, startEc2 } from './ec2.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let ec2: Ec2
let close = () => {}
let made = 0

beforeAll(async () => {
  // A connection that is let through to AWS arrives here.
  const door = net.createServer(socket => socket.on('error', () => {}).resume())
  await new Promise<void>(resolve => door.listen(0, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  close = () => door.close()
  ec2 = startEc2(account)
  cloud = await lambdaForTests({ networks: ec2, door: () => ({ port, authority: '', shadowPort: port }) })
  cloud.iam.createRole({
    name: 'in-a-vpc',
    trust: {
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    },
    attached: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
  })
})
afterAll(async () => {
  await cloud.stop()
  close()
})

async function make(type: string, properties: object): Promise<Physical> {
  const found = ec2.resources.find(one => one.type === `AWS::EC2::${type}` || one.type === type)!
  return found.create(cloud.request(`${type}${made++}`, properties))
}
const remove = (type: string, properties: object, physical: Physical) =>
  ec2.resources.find(one => one.type === `AWS::EC2::${type}`)!.delete!({
    ...physical,
    properties,
    logicalId: 'x',
  })

/** A VPC with a public subnet and a private one, as CDK makes them. */
async function vpc() {
  const { physicalId: VpcId, attributes } = await make('VPC', {
    CidrBlock: '10.0.0.0/16',
    EnableDnsHostnames: true,
    EnableDnsSupport: true,
  })
  const subnet = async (CidrBlock: string) => {
    const { physicalId: SubnetId } = await make('Subnet', {
      VpcId,
      CidrBlock,
      AvailabilityZone: 'us-east-1a',
    })
    const { physicalId: RouteTableId } = await make('RouteTable', { VpcId })
    await make('SubnetRouteTableAssociation', { SubnetId, RouteTableId })
    return { SubnetId, RouteTableId }
  }
  const publicSubnet = await subnet('10.0.0.0/18')
  const privateSubnet = await subnet('10.0.64.0/18')
  const { physicalId: InternetGatewayId } = await make('InternetGateway', {})
  await make('VPCGatewayAttachment', { VpcId, InternetGatewayId })
  const route = {
    RouteTableId: publicSubnet.RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
  }
  return {
    VpcId,
    defaultGroup: String(attributes.DefaultSecurityGroup),
    publicSubnet,
    privateSubnet,
    route,
    async openToTheInternet() {
      await make('Route', route)
    },
    async nat() {
      const { attributes: address } = await make('EIP', { Domain: 'vpc' })
      const { physicalId: NatGatewayId } = await make('NatGateway', {
        SubnetId: publicSubnet.SubnetId,
        AllocationId: address.AllocationId,
      })
      const properties = {
        RouteTableId: privateSubnet.RouteTableId,
        DestinationCidrBlock: '0.0.0.0/0',
        NatGatewayId,
      }
      return { properties, physical: await make('Route', properties) }
    },
    group: async (more: object = {}) =>
      (await make('SecurityGroup', { VpcId, GroupDescription: 'a group', ...more })).physicalId,
  }
}

const knocks = `exports.handler = ({ host, port, patience }) => new Promise(resolve => {
  const socket = require('node:net').connect({ host, port })
  const end = answer => { resolve(answer); socket.destroy() }
  socket.on('connect', () => end('reached')).on('error', error => end(error.code))
  setTimeout(() => end('hangs'), patience)
})`

/** A function in a subnet. Whether it reaches something is found out by trying. */
async function placed(SubnetIds: string[], SecurityGroupIds: string[]) {
  const name = `placed-${made++}`
  await cloud.make(name, knocks, {
    Role: cloud.roleArn('in-a-vpc'),
    Timeout: 20,
    VpcConfig: { SubnetIds, SecurityGroupIds },
  })
  const knock = async (host: string, port: number, patience: number) =>
    (await cloud.invoke(name, { host, port, patience })).result
  return {
    async reaches(host: string, port = 443) {
      expect([host, port, await knock(host, port, 10_000)]).toEqual([host, port, 'reached'])
    },
    async hangsAt(...hosts: (string | [string, number])[]) {
      for (const one of hosts) {
        const [host, port] = typeof one === 'string' ? [one, 443] : one
        expect([host, port, await knock(host, port, 150)]).toEqual([host, port, 'hangs'])
      }
    },
  }
}

const DYNAMODB = 'dynamodb.us-east-1.amazonaws.com'
const SQS = 'sqs.us-east-1.amazonaws.com'
const API = 'abc.execute-api.us-east-1.amazonaws.com'

test('without a NAT gateway nothing outside is reached, whatever the internet gateway does for others', async () => {
  const { publicSubnet, privateSubnet, openToTheInternet, group } = await vpc()
  await openToTheInternet()
  const groups = [await group()]
  const isolated = await placed([privateSubnet.SubnetId], groups)
  await isolated.hangsAt(DYNAMODB, API, 'example.com', ['10.0.0.7', 6379])
  const server = net.createServer(socket => socket.resume())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  await isolated.reaches('127.0.0.1', (server.address() as AddressInfo).port)
  server.close()
  await (await placed([publicSubnet.SubnetId], groups)).hangsAt(DYNAMODB)
})

test('a NAT gateway is a way out as long as it has one itself, and instances at work notice', async () => {
  const { privateSubnet, nat, openToTheInternet, group } = await vpc()
  const fn = await placed([privateSubnet.SubnetId], [await group()])
  const { properties, physical } = await nat()
  await fn.hangsAt(DYNAMODB)
  await openToTheInternet()
  await fn.reaches(DYNAMODB)
  await fn.reaches(API)
  await remove('Route', properties, physical)
  await fn.hangsAt(DYNAMODB)
})

test('of several subnets all must have a way out', async () => {
  const { publicSubnet, privateSubnet, nat, openToTheInternet, group } = await vpc()
  await openToTheInternet()
  await nat()
  const fn = await placed([privateSubnet.SubnetId, publicSubnet.SubnetId], [await group()])
  await fn.hangsAt(DYNAMODB)
})

test('what a security group does not let out hangs', async () => {
  const { privateSubnet, nat, openToTheInternet, group } = await vpc()
  await openToTheInternet()
  await nat()
  const SecurityGroupEgress = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' }]
  const id = await group({ SecurityGroupEgress })
  const fn = await placed([privateSubnet.SubnetId], [id])
  await fn.hangsAt(SQS)
  await make('SecurityGroupEgress', { GroupId: id, IpProtocol: '-1', CidrIp: '0.0.0.0/0' })
  await fn.reaches(SQS)
})

test('a gateway endpoint leads to its own service, from subnets whose route table has it', async () => {
  const { VpcId, privateSubnet, publicSubnet, group } = await vpc()
  await make('VPCEndpoint', {
    VpcId,
    ServiceName: 'com.amazonaws.us-east-1.dynamodb',
    RouteTableIds: [privateSubnet.RouteTableId],
  })
  const groups = [await group()]
  const inside = await placed([privateSubnet.SubnetId], groups)
  await inside.reaches(DYNAMODB)
  await inside.hangsAt(SQS)
  await (await placed([publicSubnet.SubnetId], groups)).hangsAt(DYNAMODB)
})

test('an interface endpoint has the service’s name, and groups of its own', async () => {
  const { VpcId, privateSubnet, nat, openToTheInternet, group } = await vpc()
  await openToTheInternet()
  await nat()
  const its = await group()
  const mine = await group()
  await make('VPCEndpoint', {
    VpcId,
    ServiceName: 'com.amazonaws.us-east-1.sqs',
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: true,
    SubnetIds: [privateSubnet.SubnetId],
    SecurityGroupIds: [its],
  })
  const fn = await placed([privateSubnet.SubnetId], [mine])
  // The way out does not help: the name leads to the endpoint.
  await fn.hangsAt(SQS)
  await fn.reaches(DYNAMODB)
  const open = { GroupId: its, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: mine }
  await make('SecurityGroupIngress', open)
  await fn.reaches(SQS)
})

test('Lambda says in AWS’s words what keeps a function out of a VPC', async () => {
  const { privateSubnet, group } = await vpc()
  const refused = (properties: object) =>
    cloud.make(`refused-${made++}`, knocks, properties).catch((error: Error) => error.message)
  const VpcConfig = { SubnetIds: [privateSubnet.SubnetId], SecurityGroupIds: [await group()] }
  expect(await refused({ VpcConfig })).toBe(
    'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
  )
  const Role = cloud.roleArn('in-a-vpc')
  expect(await refused({ Role, VpcConfig: { ...VpcConfig, SubnetIds: ['subnet-0'] } })).toBe(
    "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID 'subnet-0' does not exist",
  )
  expect(await refused({ Role, VpcConfig: { ...VpcConfig, SecurityGroupIds: ['sg-0'] } })).toBe(
    "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group 'sg-0' does not exist",
  )
  expect(await refused({ Role, VpcConfig: { ...VpcConfig, SecurityGroupIds: [] } })).toBe(
    'SubnetIds and SecurityIds must coexist or be both empty list.',
  )
})

test('subnets lie within their VPC and beside each other, and private DNS wants DNS', async () => {
  const { VpcId } = await vpc()
  const message = (type: string, properties: object) =>
    make(type, properties).then(String, (error: Error) => error.message)
  expect(await message('Subnet', { VpcId, CidrBlock: '10.1.0.0/24' })).toBe(
    "The CIDR '10.1.0.0/24' is invalid.",
  )
  expect(await message('Subnet', { VpcId, CidrBlock: '10.0.1.0/24' })).toBe(
    "The CIDR '10.0.1.0/24' conflicts with another subnet",
  )
  const { physicalId: plain } = await make('VPC', { CidrBlock: '10.9.0.0/16' })
  const endpoint = {
    VpcId: plain,
    ServiceName: 'com.amazonaws.us-east-1.execute-api',
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: true,
  }
  expect(await message('VPCEndpoint', endpoint)).toBe(
    `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${plain}`,
  )
})

test('CDK takes away what the default group of a VPC lets through', async () => {
  const { privateSubnet, defaultGroup, nat, openToTheInternet } = await vpc()
  await openToTheInternet()
  await nat()
  const fn = await placed([privateSubnet.SubnetId], [defaultGroup])
  await fn.reaches(SQS)
  await make('Custom::VpcRestrictDefaultSG', {
    DefaultSecurityGroupId: defaultGroup,
    Account: '123456789012',
  })
  await fn.hangsAt(SQS)
})
