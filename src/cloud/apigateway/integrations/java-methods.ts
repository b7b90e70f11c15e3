/** A method that velocityjs is to carry out in another way than JavaScript would. */
interface Handler {
  readonly uid: string
  match(call: { readonly property: string; readonly context: unknown }): boolean
  resolve(call: { readonly context: any; readonly params: readonly any[] }): unknown
}

/** Templates call methods of Java's strings, lists and maps: those that JavaScript lacks, or has with another meaning. */
export const javaMethods: Handler[] = [
  ...methodsOf('string', value => typeof value === 'string', {
    length: (text: string) => text.length,
    isEmpty: (text: string) => text === '',
    contains: (text: string, part: string) => text.includes(part),
    equals: (text: string, other: unknown) => text === other,
    equalsIgnoreCase: (text: string, other: unknown) => text.toLowerCase() === String(other).toLowerCase(),
    matches: (text: string, regex: string) => new RegExp(`^(?:${regex})$`).test(text),
    replace: (text: string, part: string, by: string) => text.replaceAll(part, () => by),
    // Both take regular expressions in Java: AWS's own example is replaceAll("\\'", "'").
    replaceAll: (text: string, regex: string, by: string) => text.replaceAll(new RegExp(regex, 'g'), by),
    replaceFirst: (text: string, regex: string, by: string) => text.replace(new RegExp(regex), by),
    split: (text: string, regex: string) => text.split(new RegExp(regex)),
  }),
  ...methodsOf('list', Array.isArray, {
    isEmpty: (list: unknown[]) => list.length === 0,
    contains: (list: unknown[], item: unknown) => list.includes(item),
    // AWS's page on $input.path counts so.
    count: (list: unknown[]) => list.length,
  }),
  ...methodsOf('map', value => typeof value === 'object' && value !== null && !Array.isArray(value), {
    isEmpty: (map: object) => Object.keys(map).length === 0,
    containsKey: (map: object, key: string) => Object.hasOwn(map, key),
    values: (map: object) => Object.values(map),
  }),
]

function methodsOf(
  kind: string,
  isKind: (value: unknown) => boolean,
  methods: Readonly<Record<string, (context: any, ...params: any[]) => unknown>>,
): Handler[] {
  return Object.entries(methods).map(([name, run]) => ({
    uid: `${kind} ${name}`,
    match: ({ property, context }) => property === name && isKind(context),
    resolve: ({ context, params }) => run(context, ...params),
  }))
}
