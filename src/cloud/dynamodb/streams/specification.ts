import type { Database } from '../database.ts'
import type { Shape, TableRecord } from '../engine.ts'
import { invalid } from '../errors.ts'
import { type ViewType, viewTypes } from './record.ts'

/** The member StreamSpecification of CreateTable and UpdateTable. */
export const streamShape: Shape = {
  StreamSpecification: {
    type: 'FieldStruct<StreamSpecification>',
    children: {
      StreamEnabled: { type: 'Boolean', notNull: true },
      StreamViewType: { type: 'String', enum: viewTypes },
    },
  },
}

export interface StreamSpecification {
  readonly StreamEnabled: boolean
  readonly StreamViewType?: ViewType
}

/** Throws for a specification that fits no table. The words are UpdateTable's; those of CreateTable are assumed to be the same. */
export function checkSpecification(specification: StreamSpecification | undefined): void {
  if (specification?.StreamEnabled === true && specification.StreamViewType === undefined) {
    throw invalid(
      'One or more parameter values were invalid: If stream is being enabled then UpdateViewType is required',
    )
  }
  if (specification?.StreamEnabled === false && specification.StreamViewType !== undefined) {
    throw invalid(
      'One or more parameter values were invalid: If stream is being disabled, then UpdateViewType must not be specified',
    )
  }
}

/** Throws when a table's stream cannot be switched on or off as it is asked for. A view type cannot be changed in place. */
export function checkSwitch(
  { streams }: Database,
  tableName: string,
  specification: StreamSpecification | undefined,
): void {
  if (!specification) return
  checkSpecification(specification)
  const current = streams.latest(tableName)
  const isOn = current !== undefined && !current.isClosed
  if (specification.StreamEnabled && isOn) {
    throw invalid(`Table already has an enabled stream: TableName: ${tableName}`)
  }
  if (!specification.StreamEnabled && !isOn) {
    throw invalid(`Table has no stream to disable: TableName: ${tableName}`)
  }
}

/** Switches a table's stream on or off. */
export function switchStream(
  { streams }: Database,
  table: TableRecord,
  specification: StreamSpecification | undefined,
): void {
  if (specification?.StreamEnabled) streams.open(table, specification.StreamViewType!)
  else if (specification) streams.close(table.TableName)
}

/** What DescribeTable says of a table's stream. One that was switched off is still named. */
export function describeStream({ streams }: Database, tableName: string): Record<string, unknown> {
  const stream = streams.latest(tableName)
  if (!stream) return {}
  return {
    ...(stream.isClosed
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType } }),
    LatestStreamLabel: stream.label,
    LatestStreamArn: stream.arn,
  }
}
