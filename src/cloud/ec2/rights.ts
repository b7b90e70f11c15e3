// What CloudFormation's handlers for EC2 ask: a table.
import { arnIn, type Rights, type Subject } from '../cloudformation/rights.ts'

const ec2 = (kind: string, actions: Pick<Rights, 'create' | 'read' | 'update' | 'delete'>): Rights => ({
  service: 'Ec2',
  on: ({ account, physicalId = '*' }: Subject) => arnIn(account, 'ec2', `${kind}/${physicalId}`),
  tag: 'ec2: CreateTags',
  untag: 'ec2: DeleteTags',
  ...actions,
})

export const ec2Rights = {
  vpc: ec2('vpc', {
    create: 'ec2: CreateVpc DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute',
    read: 'ec2: DescribeVpcs DescribeSecurityGroups DescribeNetworkAcls DescribeVpcAttribute',
    update: 'ec2: ModifyVpcAttribute',
    delete: 'ec2: DeleteVpc DescribeVpcs',
  }),
  subnet: ec2('subnet', {
    create: 'ec2: DescribeSubnets CreateSubnet ModifySubnetAttribute',
    read: 'ec2: DescribeSubnets DescribeNetworkAcls',
    update: 'ec2: DescribeSubnets ModifySubnetAttribute',
    delete: 'ec2: DescribeSubnets DeleteSubnet',
  }),
  routeTable: ec2('route-table', {
    create: 'ec2: CreateRouteTable DescribeRouteTables',
    read: 'ec2: DescribeRouteTables',
    update: 'ec2: DescribeRouteTables',
    delete: 'ec2: DescribeRouteTables DeleteRouteTable',
  }),
  route: ec2('route-table', {
    create: 'ec2: CreateRoute DescribeRouteTables',
    read: 'ec2: DescribeRouteTables',
    update: 'ec2: ReplaceRoute DescribeRouteTables',
    delete: 'ec2: DeleteRoute DescribeRouteTables',
  }),
  association: ec2('route-table', {
    create: 'ec2: AssociateRouteTable DescribeRouteTables',
    read: 'ec2: DescribeRouteTables',
    delete: 'ec2: DisassociateRouteTable DescribeRouteTables',
  }),
  internetGateway: ec2('internet-gateway', {
    create: 'ec2: CreateInternetGateway DescribeInternetGateways',
    read: 'ec2: DescribeInternetGateways',
    update: 'ec2: DescribeInternetGateways',
    delete: 'ec2: DeleteInternetGateway DescribeInternetGateways',
  }),
  attachment: ec2('internet-gateway', {
    create: 'ec2: AttachInternetGateway DescribeInternetGateways',
    read: 'ec2: DescribeInternetGateways',
    delete: 'ec2: DetachInternetGateway DescribeInternetGateways',
  }),
  natGateway: ec2('natgateway', {
    create: 'ec2: CreateNatGateway DescribeNatGateways',
    read: 'ec2: DescribeNatGateways',
    update: 'ec2: DescribeNatGateways',
    delete: 'ec2: DeleteNatGateway DescribeNatGateways',
  }),
  address: ec2('elastic-ip', {
    create: 'ec2: AllocateAddress DescribeAddresses',
    read: 'ec2: DescribeAddresses',
    update: 'ec2: DescribeAddresses',
    delete: 'ec2: ReleaseAddress DescribeAddresses',
  }),
  endpoint: ec2('vpc-endpoint', {
    create: 'ec2: CreateVpcEndpoint DescribeVpcEndpoints',
    read: 'ec2: DescribeVpcEndpoints',
    update: 'ec2: ModifyVpcEndpoint DescribeVpcEndpoints',
    delete: 'ec2: DeleteVpcEndpoints DescribeVpcEndpoints',
  }),
  group: ec2('security-group', {
    create: 'ec2: CreateSecurityGroup DescribeSecurityGroups AuthorizeSecurityGroupIngress',
    read: 'ec2: DescribeSecurityGroups',
    update: 'ec2: AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress DescribeSecurityGroups',
    delete: 'ec2: DeleteSecurityGroup DescribeSecurityGroups',
  }),
  ingress: ec2('security-group-rule', {
    create: 'ec2: AuthorizeSecurityGroupIngress DescribeSecurityGroupRules',
    read: 'ec2: DescribeSecurityGroupRules',
    delete: 'ec2: RevokeSecurityGroupIngress DescribeSecurityGroupRules',
  }),
  egress: ec2('security-group-rule', {
    create: 'ec2: AuthorizeSecurityGroupEgress DescribeSecurityGroupRules',
    read: 'ec2: DescribeSecurityGroupRules',
    delete: 'ec2: RevokeSecurityGroupEgress DescribeSecurityGroupRules',
  }),
} as const
