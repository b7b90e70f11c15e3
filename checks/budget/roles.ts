import { IAMClient } from '@aws-sdk/client-iam'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Scene } from '#kit'
import { managedPolicies, type Role, readRole } from './role.ts'

/** Every role that the stack makes, and every other that one of its functions has. */
export async function rolesOf(scene: Scene): Promise<Role[]> {
  const iam = scene.aws(IAMClient)
  const lambda = scene.aws(LambdaClient)
  const functions = await Promise.all(
    scene.resources('AWS::Lambda::Function').map(async ({ physicalId }) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: physicalId })
      const { FunctionArn, Role, VpcConfig } = await lambda.send(command)
      return {
        functionArn: FunctionArn,
        name: nameIn(Role ?? ''),
        isInVpc: Boolean(VpcConfig?.SubnetIds?.length),
      }
    }),
  )
  const names = new Set([
    ...scene.resources('AWS::IAM::Role').map(({ physicalId }) => physicalId),
    ...functions.map(({ name }) => name),
  ])
  const managed = managedPolicies(iam)
  return Promise.all(
    [...names].map(name => {
      const having = functions.filter(one => one.name === name)
      const isInVpc = having.some(one => one.isInVpc)
      return readRole(scene, iam, managed, { name, functionArn: having[0]?.functionArn, isInVpc })
    }),
  )
}

/** A role's name: its ARN may have a path. */
const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
