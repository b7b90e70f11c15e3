import { randomUUID } from 'node:crypto'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Properties } from '../../cloudformation/properties.ts'
import { AwsError } from '../../error.ts'
import type { Events } from '../../events.ts'
import type { Work } from '../../work.ts'
import type { Destinations } from '../asynchronous/destinations.ts'
import { findFunction, invalidValue, type LambdaFunction, type Named, notFound } from '../functions.ts'
import type { Finished } from '../invoke.ts'
import { deliverer } from './delivery.ts'
import { startPoller } from './poller.ts'
import { type MappingSettings, type QueueSettings, readSettings } from './settings.ts'
import type { Sources } from './source.ts'
import { checkStream } from './streams/check.ts'
import type { Delivering } from './streams/delivery.ts'
import { type Progress, startStreamPoller } from './streams/poller.ts'
import type { StreamSettings } from './streams/settings.ts'
import type { StreamSources } from './streams/source.ts'

/** Reads one source for one function. */
interface Poller {
  /** Reads no more; what has been received goes to the function. */
  retire(): void
  /** Reads no more, and lets everything be. */
  stop(): void
}

/** A queue or stream that is read for a function. */
export interface Mapping {
  readonly uuid: string
  readonly arn: string
  /** As it was asked for, in AWS's words. */
  readonly given: Properties
  readonly settings: MappingSettings
  /** With the version or alias, if one was asked for. */
  readonly functionArn: string
  /** Milliseconds since the epoch. */
  readonly modified: number
  /** Of a mapping on a stream: how far it has come. */
  readonly progress: Progress | undefined
}

/** All mappings of the account. */
export interface Mappings {
  /** Throws InvalidParameterValueException, ValidationException, ResourceConflictException. */
  create(given: Properties): Mapping
  /** Takes on all of `given` for what it was. Throws as `create` does, and ResourceNotFoundException. */
  change(uuid: string, given: Properties): Mapping
  /** Batches under way go on to the end. Throws ResourceNotFoundException. */
  delete(uuid: string): Mapping
  /** Throws ResourceNotFoundException. */
  get(uuid: string): Mapping
  list(): readonly Mapping[]
  /** Ends all polling, without a word. */
  stop(): void
}

export function startMappings({
  account,
  clock,
  events,
  functions,
  sources,
  streams,
  destinations,
  run,
  work,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Pick<Events, 'causing'>
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly sources: Sources
  readonly streams: StreamSources
  /** Where records of a stream are reported that were given up. */
  readonly destinations: Destinations
  /** Throws `AwsError` when it cannot be run. */
  readonly run: (named: Named, payload: string) => Promise<Finished>
  /** Counts the batches that a function is at work on. */
  readonly work: Work
}): Mappings {
  const mappings = new Map<string, Mapping>()
  const pollers = new Map<string, Poller>()

  return {
    create: given => put(randomUUID(), given),
    change(uuid, given) {
      get(uuid)
      return put(uuid, given)
    },
    delete(uuid) {
      const mapping = get(uuid)
      pollers.get(uuid)?.retire()
      pollers.delete(uuid)
      mappings.delete(uuid)
      return mapping
    },
    get,
    list: () => [...mappings.values()],
    stop() {
      for (const poller of pollers.values()) poller.stop()
    },
  }

  function get(uuid: string): Mapping {
    const mapping = mappings.get(uuid)
    if (!mapping) throw notFound('The resource you requested does not exist.')
    return mapping
  }

  function put(uuid: string, given: Properties): Mapping {
    const settings = readSettings(given)
    const named = find(settings.functionName)
    if (!named) throw invalidValue('Function does not exist')
    if (settings.kind === 'queue') checkQueue(settings, named)
    else checkStream(settings, named, streams, destinations)
    checkOthers(uuid, settings, named)
    const { partition, region, accountId } = account
    const mapping = {
      uuid,
      arn: `arn:${partition}:lambda:${region}:${accountId}:event-source-mapping:${uuid}`,
      given,
      settings,
      functionArn: named.arn,
      modified: clock.now(),
      progress: mappings.get(uuid)?.progress ?? startOf(settings),
    }
    mappings.set(uuid, mapping)
    pollers.get(uuid)?.retire()
    pollers.delete(uuid)
    if (settings.enabled) pollers.set(uuid, poll(mapping))
    return mapping
  }

  function startOf(settings: MappingSettings): Progress | undefined {
    if (settings.kind === 'queue') return undefined
    const stream = streams.find(settings.sourceArn)!
    return {
      next: settings.startsAt === 'LATEST' ? stream.next : stream.first,
      result: 'No records processed',
      isLeft: Promise.resolve(),
    }
  }

  function checkQueue({ sourceArn, batchSize, window }: QueueSettings, { version }: Named) {
    const { configuration } = version
    // Lambda tries with the function's role: who may not look is not told whether there is anything.
    const missing = sources.missing(sourceArn, configuration)
    if (missing) {
      throw invalidValue(`The provided execution role does not have permissions to call ${missing} on SQS`)
    }
    const queue = sources.find(sourceArn)
    if (!queue) {
      throw invalidValue(
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
      )
    }
    if (batchSize > 10 && window === 0) {
      throw invalidValue(
        'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
      )
    }
    if (queue.isFifo && window > 0) throw invalidValue('Batching window is not supported for FIFO queues')
    if (queue.visibilityTimeout < configuration.timeout) {
      throw invalidValue(
        `Queue visibility timeout: ${queue.visibilityTimeout} seconds is less than Function timeout: ${configuration.timeout} seconds`,
      )
    }
  }

  function checkOthers(uuid: string, { sourceArn, kind }: MappingSettings, { fn, arn }: Named) {
    for (const other of mappings.values()) {
      if (other.uuid === uuid || other.functionArn !== arn || other.settings.sourceArn !== sourceArn) continue
      // The blanks inside the brackets are AWS's.
      throw new AwsError(
        'ResourceConflictException',
        kind === 'queue'
          ? `An event source mapping with SQS arn (" ${sourceArn} ") and function (" ${fn.name} ") already exists. Please update or delete the existing mapping with UUID ${other.uuid}`
          : `The event source arn (" ${sourceArn} ") and function (" ${fn.name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
        409,
        { Type: 'User' },
      )
    }
  }

  function poll({ settings, functionArn, progress }: Mapping): Poller {
    const means = {
      clock,
      events,
      find: () => find(functionArn),
      run: (named: Named, payload: string) => work.add(run(named, payload)),
    }
    if (settings.kind === 'stream') return pollStream(settings, progress!, means)
    const deliver = deliverer({ ...means, settings, sources })
    return startPoller({ settings, sources, clock, find: means.find, deliver })
  }

  function pollStream(
    settings: StreamSettings,
    progress: Progress,
    means: Pick<Delivering, 'clock' | 'events' | 'find' | 'run'>,
  ): Poller {
    const processed = (result: string) => {
      progress.result = result
    }
    const delivering = { ...means, settings, sources: streams, destinations, processed }
    return startStreamPoller(delivering, progress, work)
  }

  function find(name: string): Named | undefined {
    try {
      return findFunction(functions, account, name)
    } catch (error) {
      // Not there, or not there any more.
      if (!(error instanceof AwsError)) throw error
      return undefined
    }
  }
}
