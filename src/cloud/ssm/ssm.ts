import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { DynamicLookup } from '../cloudformation/dynamic.ts'
import type { SsmLookup } from '../cloudformation/parameters.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Keeper, Kept, NewParameter } from '../kept.ts'
import type { Service } from '../service.ts'
import { parameterKeeper } from './kept.ts'
import { operations } from './operations.ts'
import { currentOf } from './parameter.ts'
import { parameterResource } from './resource.ts'
import { openStore } from './store.ts'

/** AWS Systems Manager's Parameter Store, running. */
export interface Ssm {
  readonly service: Service
  /** `AWS::SSM::Parameter`. */
  readonly resources: readonly ResourceType[]
  /** Reads what a template's parameters of SSM type name. */
  readonly lookup: SsmLookup
  /** Answers `{{resolve:ssm:…}}`. */
  readonly dynamic: DynamicLookup
  /** Puts a parameter as `by`, over one that is there. Throws `AwsError`. */
  put(parameter: NewParameter, by: string): void
  /** All parameters. */
  readonly kept: Keeper<Kept['parameters']>
}

/** Starts Parameter Store without a parameter. */
export function startSsm(cloud: { readonly account: Account; readonly clock: Clock }): Ssm {
  const store = openStore(cloud)
  // CloudFormation does not take secrets in where everybody can read them.
  const plain = (name: string, words: string) => {
    const parameter = store.find(name)
    if (parameter && currentOf(parameter).type === 'SecureString')
      throw new AwsError('ValidationError', words)
    return parameter
  }
  return {
    service: {
      signingName: 'ssm',
      protocol: 'json-1.1',
      targetPrefix: 'AmazonSSM',
      operations: operations(store),
      denied: (access, decision, { principal }) =>
        new AwsError('AccessDeniedException', denialText(principal, access, decision)),
    },
    kept: parameterKeeper(store),
    put: (parameter, by) => void store.put({ ...parameter, by, overwrite: true }),
    resources: [parameterResource(store)],
    lookup(name, caller) {
      caller?.askForParameter(store.arnOf(name))
      const parameter = plain(
        name,
        `Parameters [${name}] referenced by template have types not supported by CloudFormation.`,
      )
      return parameter && currentOf(parameter).value
    },
    dynamic(reference, caller) {
      const [, name = '', version] = /^resolve:ssm:([^:]+)(?::(\d+))?$/.exec(reference) ?? []
      caller?.askForParameter(store.arnOf(name))
      // The words are assumed.
      const parameter = plain(
        name,
        `Non-secure ssm prefix was used for secure parameter: [${reference.replace('resolve:ssm:', '')}]`,
      )
      const wanted = version ?? (parameter && currentOf(parameter).version)
      return parameter?.versions.find(one => String(one.version) === String(wanted))?.value
    },
  }
}
