import { createHash } from 'node:crypto'
import type { StreamRecord } from '../../../dynamodb/streams/streams.ts'
import type { Work } from '../../../work.ts'
import { type Delivering, deliver } from './delivery.ts'
import { eventOf } from './event.ts'
import { startLane } from './lane.ts'

/** How far a mapping has come in its stream. It outlives a change of the mapping. */
export interface Progress {
  /** The position of the next record to deal with. */
  next: number
  /** How the last batch went, as the mapping shows it. */
  result: string
  /** Resolves when nobody works on the stream for the mapping any more. */
  isLeft: Promise<void>
}

/** Records that are read at a time. */
const MOST = 1000

/**
 * Reads a stream for one function. AWS looks four times a second; here the stream says when it has something. What is written in one turn of
 * the event loop is read together. With several batches at a time, records of one partition key stay in order: they share a lane.
 */
export function startStreamPoller(delivering: Delivering, progress: Progress, work: Work) {
  const { settings, sources, clock } = delivering
  const { sourceArn, filter, parallelization, batchSize, window } = settings
  const aborting = new AbortController()
  const lanes = Array.from({ length: parallelization }, () =>
    startLane({
      batchSize,
      window,
      clock,
      deliver: (batch, reached) => deliver(batch, reached, delivering, aborting.signal),
    }),
  )
  let next = 0
  let isWoken = false
  let stopFollowing = () => {}

  const left = progress.isLeft
  void work.add(left.then(begin))

  return {
    /** Reads no more; a batch that the function is at work on is finished. */
    retire() {
      const leave = async () => {
        await left
        stop()
        await Promise.all(lanes.map(lane => lane.end()))
        progress.next = reached()
      }
      progress.isLeft = leave()
    },
    /** Reads no more, and lets everything be. */
    stop,
  }

  function begin() {
    const stream = sources.find(sourceArn)
    if (!stream || aborting.signal.aborted) return
    next = progress.next
    stopFollowing = stream.follow(wake)
    read()
  }

  function stop() {
    aborting.abort()
    stopFollowing()
  }

  function wake() {
    if (isWoken) return
    isWoken = true
    const over = work.begin()
    setImmediate(() => {
      isWoken = false
      read()
      over()
    })
  }

  function read() {
    for (;;) {
      const records = aborting.signal.aborted ? [] : (sources.find(sourceArn)?.read(next, MOST) ?? [])
      if (records.length === 0) break
      for (const record of records) take(record)
      next = records.at(-1)!.position + 1
    }
    for (const lane of lanes) lane.turn()
  }

  function take(record: StreamRecord) {
    const event = eventOf(record, sourceArn)
    if (filter(event)) laneOf(record).add({ record, json: JSON.stringify(event) })
  }

  function laneOf({ keys }: StreamRecord) {
    if (lanes.length === 1) return lanes[0]!
    const hashKey = sources.find(sourceArn)!.keySchema[0]!.AttributeName
    const hash = createHash('md5').update(JSON.stringify(keys[hashKey])).digest()
    return lanes[hash.readUInt32BE() % lanes.length]!
  }

  /** Everything before this position has been dealt with. */
  function reached(): number {
    return Math.min(next || progress.next, ...lanes.map(lane => lane.oldest() ?? Number.POSITIVE_INFINITY))
  }
}
