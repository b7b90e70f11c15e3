import type { Ec2 } from '../ec2/ec2.ts'
import type { Outlook } from '../ec2/outlook.ts'
import { AwsError } from '../error.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import type { Access } from '../service.ts'
import type { Configuration } from './configuration.ts'
import type { ActAs } from './execution-role.ts'
import type { FunctionSettings } from './function-resource.ts'
import { invalidValue } from './functions.ts'
import type { RuntimeFiles } from './runtime-files.ts'

/** What Lambda needs to know of the account's networks. */
export type Networks = Pick<Ec2, 'check' | 'outlook' | 'onChange'>

/** The functions that are in a VPC, and what they see from there. */
export interface Placements {
  /** Checks what is to be put into a VPC. It throws InvalidParameterValueException. */
  checker(by: {
    readonly actAs: ActAs
    readonly decide: (principal: Principal, access: Access) => Decision
  }): (settings: FunctionSettings) => Configuration['vpc']
  /** Tells the instances of a function what is reached from where it is. */
  put(configuration: Configuration): void
}

/** Starts without a function. Whenever a network changes, instances at work see it with their next connection. */
export function placements(
  networks: Networks | undefined,
  files: Pick<RuntimeFiles, 'outlooks'>,
): Placements {
  const placed = new Map<string, NonNullable<Configuration['vpc']>>()
  networks?.onChange(tell)

  return {
    checker:
      ({ actAs, decide }) =>
      ({ placement, roleArn, functionName }) => {
        if (!placement) return undefined
        if (!networks) throw invalidValue('VpcConfig: there are no networks here')
        const principal = actAs({ roleArn, functionName })
        const access = { action: 'ec2:CreateNetworkInterface', resource: '*' }
        if (!principal || !decide(principal, access).allowed) {
          throw invalidValue(
            'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
          )
        }
        return { ...placement, vpcId: inLambdasWords(() => networks.check(placement)) }
      },
    put({ functionName, version, vpc }) {
      const key = `${functionName}:${version}`
      if (vpc) placed.set(key, vpc)
      else if (!placed.delete(key)) return
      tell()
    },
  }

  function tell() {
    if (!networks) return
    const all: Record<string, Outlook> = {}
    for (const [key, vpc] of placed) all[key] = networks.outlook(vpc)
    files.outlooks(all)
  }
}

/** Lambda hands on what EC2 says. */
function inLambdasWords<T>(ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const call = error.code.startsWith('InvalidGroup') ? 'DescribeSecurityGroups' : 'DescribeSubnets'
    throw invalidValue(
      `Error occurred while ${call}. EC2 Error Code: ${error.code}. EC2 Error Message: ${error.message}`,
    )
  }
}
