import { createHash } from 'node:crypto'
import type { Operation } from '../service.ts'
import { tableAccess } from './access.ts'
import type { Database } from './database.ts'
import { invalid, refusal } from './errors.ts'

/** GetResourcePolicy of a table: who else may use it, and how. Throws `ResourceNotFoundException`, `PolicyNotFoundException`. */
export const getResourcePolicy = ({ tables }: Database): Operation => ({
  name: 'GetResourcePolicy',
  access: ({ ResourceArn }) =>
    typeof ResourceArn === 'string' ? [tableAccess(tables, 'GetResourcePolicy', ResourceArn)] : [],
  run({ ResourceArn }) {
    if (typeof ResourceArn !== 'string' || !ResourceArn.startsWith('arn:')) {
      throw invalid(
        `One or more parameter values were invalid: Provided Arn is not a DynamoDB resource arn: ${ResourceArn}`,
      )
    }
    const name = tables.nameOf(ResourceArn)
    const facts = tables.facts.get(name)
    if (!facts) {
      throw refusal('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`)
    }
    if (!facts.resourcePolicy) {
      throw refusal(
        'PolicyNotFoundException',
        `Resource-based policy not found for the provided ResourceArn: ${ResourceArn}`,
      )
    }
    const Policy = JSON.stringify(facts.resourcePolicy)
    return { Policy, RevisionId: createHash('sha256').update(Policy).digest('hex').slice(0, 13) }
  },
})
