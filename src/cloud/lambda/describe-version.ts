import { qualifiedArn, type Version } from './functions.ts'

/** A version as the API tells of it. `qualifier` is how it was asked for. */
export function describeVersion({ configuration }: Version, qualifier: string | undefined) {
  const { code, environment, layers, deadLetterArn, vpc } = configuration
  return {
    FunctionName: configuration.functionName,
    FunctionArn: qualifiedArn(configuration.functionArn, qualifier),
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: code.size,
    CodeSha256: code.sha256,
    Description: configuration.description,
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: new Date(configuration.modified).toISOString().replace('Z', '+0000'),
    Version: configuration.version,
    ...(Object.keys(environment).length > 0 ? { Environment: { Variables: environment } } : {}),
    ...(layers.length > 0 ? { Layers: layers.map(Arn => ({ Arn })) } : {}),
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterArn } }),
    ...(vpc && {
      VpcConfig: {
        SubnetIds: vpc.subnetIds,
        SecurityGroupIds: vpc.groupIds,
        VpcId: vpc.vpcId,
        Ipv6AllowedForDualStack: false,
      },
    }),
    TracingConfig: { Mode: 'PassThrough' },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: configuration.logGroup },
  }
}
