/** Clauses and connectives of DynamoDB's expressions. Functions are known by the bracket that follows. */
const reserved = /^(SET|REMOVE|ADD|DELETE|AND|OR|NOT|IN|BETWEEN)$/i

/** The top-level attributes that an expression speaks of, with `#names` resolved: those that `dynamodb:Attributes` holds. */
export const attributesIn = (expression: unknown, names: unknown): readonly string[] =>
  typeof expression === 'string'
    ? [...expression.matchAll(/(?<![.:#\w])(#?[A-Za-z_]\w*)(?!\w*\s*\()/g)]
        .map(([, word]) => word!)
        .filter(word => !reserved.test(word))
        .map(word => nameOf(word, names))
    : []

/** The value that a key condition fixes an attribute to: the `:id` of `#id = :id`, as a wire value. */
export function fixedValue(
  input: Readonly<Record<string, any>>,
  attribute: string,
): Record<string, unknown> | undefined {
  const { KeyConditions, KeyConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = input
  if (typeof KeyConditionExpression !== 'string') return KeyConditions?.[attribute]?.AttributeValueList?.[0]
  for (const [, left, right] of KeyConditionExpression.matchAll(/([#:]?\w+)\s*=\s*([#:]?\w+)/g)) {
    const [name, value] = left!.startsWith(':') ? [right!, left!] : [left!, right!]
    if (nameOf(name, ExpressionAttributeNames) === attribute) return ExpressionAttributeValues?.[value]
  }
  return undefined
}

const nameOf = (word: string, names: any): string =>
  word.startsWith('#') ? String(names?.[word] ?? word) : word
