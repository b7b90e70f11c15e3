import type { Account } from '../../account.ts'
import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { between } from '../constraints.ts'
import { findFunction, invalidValue, type LambdaFunction } from '../functions.ts'
import { invokeConfigRights } from '../rights.ts'
import { checkDestination } from './check-destination.ts'
import type { Destinations } from './destinations.ts'
import type { InvokeConfig } from './invoke-config.ts'

/** AWS::Lambda::EventInvokeConfig: how a function, version or alias is run asynchronously, and who is told of it. */
export function invokeConfigResource(
  functions: ReadonlyMap<string, LambdaFunction>,
  account: Account,
  destinations: Destinations,
): ResourceType {
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    rights: invokeConfigRights,
    properties: {
      FunctionName: 'replace',
      Qualifier: 'replace',
      MaximumRetryAttempts: 'update',
      MaximumEventAgeInSeconds: 'update',
      DestinationConfig: 'update',
    },
    attributes: [],
    refuse: ({ DestinationConfig }) =>
      ['OnSuccess', 'OnFailure'].flatMap(event => {
        const arn = DestinationConfig?.[event]?.Destination
        const reason = typeof arn === 'string' ? destinations.unserved(arn) : undefined
        return reason === undefined ? [] : [`DestinationConfig.${event}: ${reason}`]
      }),
    create: ({ properties }) => put(properties),
    update: ({ properties }) => put(properties),
    delete({ properties }) {
      const name = /function:([\w-]+)/.exec(properties.FunctionName)?.[1] ?? properties.FunctionName
      functions.get(name)?.invokeConfigs.delete(properties.Qualifier)
    },
  }

  function put(properties: Properties) {
    const { FunctionName, Qualifier } = properties
    const { fn, version } = findFunction(functions, account, FunctionName, Qualifier)
    const config = read(properties)
    for (const arn of [config.onSuccess, config.onFailure]) {
      if (arn === undefined) continue
      if (isOf(arn, fn.arn)) throw invalidValue("You can't specify the function as a destination for itself.")
      checkDestination(arn, version.configuration, destinations)
    }
    fn.invokeConfigs.set(Qualifier, config)
    return { physicalId: `${fn.name}|${Qualifier}`, attributes: {} }
  }
}

/** The same function, with a version or alias behind it or not. */
const isOf = (arn: string, fn: string) => arn === fn || arn.startsWith(`${fn}:`)

function read({
  MaximumRetryAttempts,
  MaximumEventAgeInSeconds,
  DestinationConfig,
}: Properties): InvokeConfig {
  if (
    MaximumRetryAttempts === undefined &&
    MaximumEventAgeInSeconds === undefined &&
    DestinationConfig === undefined
  )
    throw invalidValue('You must specify at least one of error handling or destination setting.')
  return {
    ...(MaximumRetryAttempts === undefined
      ? {}
      : { retries: between(0, MaximumRetryAttempts, 2, 'maximumRetryAttempts') }),
    ...(MaximumEventAgeInSeconds === undefined
      ? {}
      : { maximumAge: between(60, MaximumEventAgeInSeconds, 21_600, 'maximumEventAgeInSeconds') }),
    // An empty destination is none.
    onSuccess: DestinationConfig?.OnSuccess?.Destination || undefined,
    onFailure: DestinationConfig?.OnFailure?.Destination || undefined,
  }
}
