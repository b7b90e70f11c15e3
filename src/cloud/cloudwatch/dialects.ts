import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Operation, Service } from '../service.ts'
import { accessDenied, inQuery } from './errors.ts'
import type { Input } from './input.ts'

/** What stands in the address of a CBOR request, and before the dot of a JSON one's target. */
const TARGET = 'GraniteServiceVersion20100801'

/**
 * The same operations in the three protocols that CloudWatch speaks: CBOR (boto3 and the aws CLI), JSON (SDK v3), Query (older ones of all).
 * Operations answer with Dates.
 */
export function inAllDialects(operations: readonly Operation<Input>[]): readonly Service[] {
  const denied: Service['denied'] = (access, decision, call) =>
    accessDenied(denialText(call.principal, access, decision))
  const common = { signingName: 'monitoring', targetPrefix: TARGET, operations, denied }
  return [
    { ...common, protocol: 'rpc-v2-cbor' },
    { ...common, protocol: 'json-1.0', operations: operations.map(withSeconds) },
    {
      signingName: 'monitoring',
      protocol: 'query',
      version: '2010-08-01',
      operations: operations.map(refusingInQuery),
      denied: (...asked) => inQuery(denied(...asked)),
    },
  ]
}

/** JSON has no Dates: seconds since the epoch stand for them. An operation without output answers `{}`. */
const withSeconds = (operation: Operation<Input>): Operation<Input> => ({
  ...operation,
  run: async (input, call) => inSeconds(await operation.run(input, call)) ?? {},
})

function inSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(inSeconds)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inSeconds(member)]))
}

const refusingInQuery = (operation: Operation<Input>): Operation<Input> => ({
  ...operation,
  async run(input, call) {
    try {
      return await operation.run(input, call)
    } catch (error) {
      throw error instanceof AwsError ? inQuery(error) : error
    }
  },
})
