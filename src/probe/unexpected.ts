/** Something to send where an object with the right members is expected. */
export interface Unexpected {
  /** What a report calls it: `an empty list`. */
  readonly as: string
  /** The message, as it goes over the wire. */
  readonly text: string
}

/** Messages that are no JSON object. Each is text that API Gateway takes. */
export const unexpectedMessages: readonly Unexpected[] = [
  { as: 'null', text: 'null' },
  { as: 'an empty list', text: '[]' },
  { as: 'a list of one', text: '[{"action":"?"}]' },
  { as: 'an empty text in JSON', text: '""' },
  { as: 'a text in JSON', text: '"hello"' },
  { as: 'a zero', text: '0' },
  { as: 'a number', text: '-1.5e3' },
  { as: 'true', text: 'true' },
  { as: 'an empty object', text: '{}' },
  { as: 'text that is not JSON', text: 'hello' },
  { as: 'JSON that breaks off', text: '{"action":' },
  { as: 'two JSON values in a row', text: '{}{}' },
  { as: 'a blank', text: ' ' },
]

/** Values for a member that should be a text. `undefined` leaves the member out, in JSON. */
export const notATextAtAll: readonly { readonly as: string; readonly value: unknown }[] = [
  { as: 'missing', value: undefined },
  { as: 'null', value: null },
  { as: 'a number', value: 0 },
  { as: 'true', value: true },
  { as: 'an empty list', value: [] },
  { as: 'a list of texts', value: ['hello'] },
  { as: 'an object', value: { text: 'hello' } },
]
