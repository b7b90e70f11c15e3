/** A lane of the diagram: one who takes part. */
export interface Lane {
  /** `client:abc=`, `gateway`, `function:chat-send`, `service:dynamodb`. */
  readonly id: string
  readonly kind: LaneKind
  readonly title: string
  readonly small?: string
  /** Of clients: who came first. */
  readonly order?: number
}

/** In the order from left to right. */
export const laneKinds = ['person', 'client', 'gateway', 'authorizer', 'function', 'service'] as const
export type LaneKind = (typeof laneKinds)[number]

/** Lanes that stand for all of their kind, when there is no room for each. */
export const crowds: Readonly<Record<string, Lane>> = {
  client: { id: 'crowd:client', kind: 'client', title: 'clients' },
  function: { id: 'crowd:function', kind: 'function', title: 'functions' },
  service: { id: 'crowd:service', kind: 'service', title: 'services' },
}

/** The lanes that are drawn, and on which of them each lane is. */
export interface Layout {
  readonly lanes: readonly Lane[]
  /** Lane id → its column, from 0. */
  readonly column: ReadonlyMap<string, number>
}

/**
 * Lays out the lanes in use. When they do not fit, the lanes of a kind become one: clients first, then services, then
 * functions. So a small screen keeps what people look for longest.
 */
export function layOut(used: readonly Lane[], room: number): Layout {
  const merged = new Set<LaneKind>()
  const count = () => new Set(used.map(lane => (merged.has(lane.kind) ? lane.kind : lane.id))).size
  for (const kind of ['client', 'service', 'function'] as const) {
    if (count() <= Math.max(room, 3)) break
    if (used.filter(lane => lane.kind === kind).length > 1) merged.add(kind)
  }
  const drawn = new Map<string, Lane>()
  const standsFor = (lane: Lane): Lane => (merged.has(lane.kind) ? crowds[lane.kind]! : lane)
  for (const kind of laneKinds) {
    const ofKind = used
      .filter(lane => lane.kind === kind)
      .sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
    for (const lane of ofKind) drawn.set(standsFor(lane).id, standsFor(lane))
  }
  const lanes = [...drawn.values()].map(lane => {
    const inIt = used.filter(one => standsFor(one).id === lane.id).length
    return lane.id.startsWith('crowd:') ? { ...lane, small: `${inIt} of them` } : lane
  })
  const place = new Map(lanes.map((lane, at) => [lane.id, at]))
  return { lanes, column: new Map(used.map(lane => [lane.id, place.get(standsFor(lane).id)!])) }
}
