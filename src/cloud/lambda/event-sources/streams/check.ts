import { lacking } from '../../../lack.ts'
import { checkDestination } from '../../asynchronous/check-destination.ts'
import type { Destinations } from '../../asynchronous/destinations.ts'
import { invalidValue, type Named } from '../../functions.ts'
import type { StreamSettings } from './settings.ts'
import type { StreamSources } from './source.ts'

/** Throws InvalidParameterValueException when the function's role cannot read the stream, or write to the destination. */
export function checkStream(
  { sourceArn, onFailure }: StreamSettings,
  { version }: Named,
  streams: StreamSources,
  destinations: Destinations,
): void {
  // Lambda tries with the function's role: who may not look is not told whether there is anything.
  if (!streams.may(sourceArn, version.configuration)) {
    throw invalidValue(
      `Cannot access stream ${sourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    )
  }
  if (!streams.find(sourceArn)) throw invalidValue(`Stream not found: ${sourceArn}`)
  if (onFailure === undefined) return
  const service = onFailure.split(':')[2]
  if (service === 's3') throw lacking(invalidValue('DestinationConfig: S3 is no destination here'))
  // A function is a destination of invocations, and not of a stream's records. The words are assumed.
  if (service !== 'sqs' && service !== 'sns') {
    throw invalidValue(`The destination ARN ${onFailure} is invalid.`)
  }
  checkDestination(onFailure, version.configuration, destinations)
}
