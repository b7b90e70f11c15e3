import { expect, test } from 'vitest'
import { compileSchema } from './model.ts'

/** Why a value does not fit. */
const why = (schema: object, value: unknown) => compileSchema(schema)(value)?.()

test.each<[object, unknown, string]>([
  [{ required: ['a', 'b'] }, {}, 'object has missing required properties (["a","b"])'],
  [
    { properties: { a: {} }, additionalProperties: false },
    { b: 1, c: 2 },
    'object instance has properties which are not allowed by the schema: ["b","c"]',
  ],
  [
    { properties: { a: { type: 'string' } } },
    { a: 1 },
    'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
  ],
  [
    { type: 'number' },
    'x',
    'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
  ],
  [{ enum: ['a', 'b'] }, 'c', 'instance value ("c") not found in enum (possible values: ["a","b"])'],
  [{ minLength: 3 }, 'ab', 'string "ab" is too short (length: 2, required minimum: 3)'],
  [{ maxLength: 1 }, '😀b', 'string "😀b" is too long (length: 2, maximum allowed: 1)'],
  [{ pattern: '^a' }, 'b', 'ECMA 262 regex "^a" does not match input string "b"'],
  [{ minimum: 5 }, 4, 'numeric instance is lower than the required minimum (minimum: 5, found: 4)'],
  [
    { minimum: 5, exclusiveMinimum: true },
    5,
    'numeric instance is not strictly greater than the required minimum 5',
  ],
  [{ maximum: 5 }, 6, 'numeric instance is greater than the required maximum (maximum: 5, found: 6)'],
  [
    { maximum: 5, exclusiveMaximum: true },
    5,
    'numeric instance is not strictly lower than the required maximum 5',
  ],
  [{ minItems: 2 }, [1], 'array is too short: must have at least 2 elements but instance has 1 elements'],
  [{ maxItems: 1 }, [1, 2], 'array is too long: must have at most 1 elements but instance has 2 elements'],
  [{ uniqueItems: true }, [1, 1], 'array must not contain duplicate elements'],
  [{ minProperties: 1 }, {}, 'object has too few properties (found 0 but schema requires at least 1)'],
  [
    { maxProperties: 1 },
    { a: 1, b: 2 },
    'object has too many properties (found 2 but schema requires at most 1)',
  ],
  [
    { anyOf: [{ type: 'string' }, { type: 'array' }] },
    1,
    'instance failed to match at least one required schema',
  ],
  [{ oneOf: [{ type: 'string' }, { type: 'array' }] }, 1, 'instance failed to match exactly one schema'],
  [{ not: { type: 'integer' } }, 1, 'instance matched a schema which it should not have'],
  [{ multipleOf: 2 }, 3, 'must be multiple of 2'],
])('B15: %j of %j', (schema, value, words) => {
  expect(why(schema, value)).toBe(`[${words}]`)
})

test('several faults are told together', () => {
  const schema = { required: ['a'], properties: { b: { type: 'string' }, 'c/d': { minLength: 2 } } }

  expect(why(schema, { b: true, 'c/d': 'x' })).toBe(
    '[object has missing required properties (["a"]), instance type (boolean) does not match any allowed primitive type (allowed: ["string"]), string "x" is too short (length: 1, required minimum: 2)]',
  )
})

test('what fits has no faults', () => {
  expect(compileSchema({ type: 'object' })({})).toBeUndefined()
})
