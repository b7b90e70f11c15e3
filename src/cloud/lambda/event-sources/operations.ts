import type { Account } from '../../account.ts'
import type { Properties } from '../../cloudformation/properties.ts'
import type { Access, Call, Operation, RestInput, WireAnswer } from '../../service.ts'
import { bodyOf } from '../body.ts'
import { between } from '../constraints.ts'
import { functionArn, qualifiedArn, readName } from '../functions.ts'
import type { Mapping, Mappings } from './mappings.ts'
import type { QueueSettings } from './settings.ts'
import type { StreamSettings } from './streams/settings.ts'

/** As many as one page of a list has. */
const PAGE = 100

/** The operations on event source mappings. A mapping changes at once: the states in between are seen in the answers only. */
export function mappingOperations(mappings: Mappings, account: Account): readonly Operation<RestInput>[] {
  /** Access to a mapping that need not exist: AWS says no before it looks. */
  const access = (action: string) => (input: RestInput) => {
    const { partition, region, accountId } = account
    const uuid = input.params.uuid!
    const mapping = mappings.list().find(one => one.uuid === uuid)
    return [
      {
        action: `lambda:${action}`,
        resource: `arn:${partition}:lambda:${region}:${accountId}:event-source-mapping:${uuid}`,
        ...(mapping ? { context: { 'lambda:FunctionArn': mapping.functionArn } } : {}),
      },
    ]
  }

  const createMapping: Omit<Operation<RestInput>, 'route'> = {
    name: 'CreateEventSourceMapping',
    access: input => [accessToCreate(bodyOf(input), account)],
    run(input, call) {
      const mapping = mappings.create(bodyOf(input))
      return accepted(describe(mapping, mapping.settings.enabled ? 'Creating' : 'Disabled'), call)
    },
  }
  const listMappings: Omit<Operation<RestInput>, 'route'> = {
    name: 'ListEventSourceMappings',
    access: () => [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
    run: ({ query }) => list(mappings, account, query),
  }

  return [
    // Clients write these two with the slash and without.
    { ...createMapping, route: 'POST /2015-03-31/event-source-mappings/' },
    { ...createMapping, route: 'POST /2015-03-31/event-source-mappings' },
    { ...listMappings, route: 'GET /2015-03-31/event-source-mappings/' },
    { ...listMappings, route: 'GET /2015-03-31/event-source-mappings' },
    {
      name: 'GetEventSourceMapping',
      route: 'GET /2015-03-31/event-source-mappings/:uuid',
      access: access('GetEventSourceMapping'),
      run: ({ params }) => describe(mappings.get(params.uuid!)),
    },
    {
      name: 'UpdateEventSourceMapping',
      route: 'PUT /2015-03-31/event-source-mappings/:uuid',
      access: access('UpdateEventSourceMapping'),
      run(input, call) {
        const before = mappings.get(input.params.uuid!)
        // The source is not a thing that can be changed.
        const { EventSourceArn: _, UUID: __, ...changes } = bodyOf(input)
        const after = mappings.change(before.uuid, { ...before.given, ...changes })
        return accepted(describe(after, changing(before, after)), call)
      },
    },
    {
      name: 'DeleteEventSourceMapping',
      route: 'DELETE /2015-03-31/event-source-mappings/:uuid',
      access: access('DeleteEventSourceMapping'),
      run: ({ params }, call) => accepted(describe(mappings.delete(params.uuid!), 'Deleting'), call),
    },
  ]
}

function accessToCreate({ FunctionName }: Properties, account: Account): Access {
  const action = { action: 'lambda:CreateEventSourceMapping', resource: '*' }
  if (typeof FunctionName !== 'string') return action
  const { name, qualifier } = readName(FunctionName)
  return {
    ...action,
    context: { 'lambda:FunctionArn': qualifiedArn(functionArn(account, name), qualifier) },
  }
}

function list(mappings: Mappings, account: Account, query: RestInput['query']) {
  const { EventSourceArn, FunctionName, Marker, MaxItems } = query
  const most = Math.min(PAGE, MaxItems === undefined ? PAGE : between(1, MaxItems, 10_000, 'maxItems'))
  const wanted = FunctionName === undefined ? undefined : arnOf(FunctionName, account)
  const found = mappings
    .list()
    .filter(({ settings }) => EventSourceArn === undefined || settings.sourceArn === EventSourceArn)
    .filter(({ functionArn }) => wanted === undefined || functionArn === wanted)
  const from = Marker === undefined ? 0 : found.findIndex(({ uuid }) => uuid === Marker)
  const page = from === -1 ? [] : found.slice(from, from + most)
  const next = found[from + most]
  return {
    ...(next && from !== -1 ? { NextMarker: next.uuid } : {}),
    EventSourceMappings: page.map(mapping => describe(mapping)),
  }
}

function arnOf(given: string, account: Account): string {
  const { name, qualifier } = readName(given)
  return qualifiedArn(functionArn(account, name), qualifier)
}

function changing(before: Mapping, after: Mapping): string {
  if (before.settings.enabled === after.settings.enabled) return 'Updating'
  return after.settings.enabled ? 'Enabling' : 'Disabling'
}

function describe(mapping: Mapping, state?: string) {
  const { settings, given } = mapping
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mapping.arn,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.window,
    EventSourceArn: settings.sourceArn,
    FunctionArn: mapping.functionArn,
    ...((given.FilterCriteria?.Filters ?? []).length > 0 ? { FilterCriteria: given.FilterCriteria } : {}),
    ...(settings.kind === 'queue' ? describeQueue(settings) : describeStream(settings, mapping)),
    FunctionResponseTypes: settings.reportsFailures ? ['ReportBatchItemFailures'] : [],
    // Seconds.
    LastModified: mapping.modified / 1000,
    State: state ?? (settings.enabled ? 'Enabled' : 'Disabled'),
    // AWS has two spellings.
    StateTransitionReason: settings.kind === 'queue' ? 'USER_INITIATED' : 'User action',
  }
}

const describeQueue = ({ maximumConcurrency }: QueueSettings) =>
  maximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }

const describeStream = (settings: StreamSettings, { progress }: Mapping) => ({
  StartingPosition: settings.startsAt,
  BisectBatchOnFunctionError: settings.bisects,
  MaximumRetryAttempts: orMinusOne(settings.retries),
  MaximumRecordAgeInSeconds: orMinusOne(settings.maximumAge),
  ParallelizationFactor: settings.parallelization,
  TumblingWindowInSeconds: 0,
  DestinationConfig: {
    OnFailure: settings.onFailure === undefined ? {} : { Destination: settings.onFailure },
  },
  LastProcessingResult: progress!.result,
})

/** The API's number for no limit. */
const orMinusOne = (limit: number) => (Number.isFinite(limit) ? limit : -1)

const accepted = (output: object, { requestId }: Call): WireAnswer => ({
  status: 202,
  headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
  body: JSON.stringify(output),
})
