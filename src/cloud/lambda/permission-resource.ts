import type { Account } from '../account.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { PrincipalElement, Statement } from '../iam/policy.ts'
import { findFunction, type LambdaFunction, policyOf, qualifiedArn, readName } from './functions.ts'
import { checkSourceArn } from './names.ts'
import { permissionRights } from './rights.ts'

/** AWS::Lambda::Permission: one statement of a function's resource policy, or of a version's or alias's. */
export function permissionResource(
  functions: ReadonlyMap<string, LambdaFunction>,
  account: Account,
): ResourceType {
  return {
    type: 'AWS::Lambda::Permission',
    rights: permissionRights,
    properties: {
      FunctionName: 'replace',
      Action: 'replace',
      Principal: 'replace',
      SourceArn: 'replace',
      SourceAccount: 'replace',
      PrincipalOrgID: 'replace',
    },
    attributes: ['Id'],
    create({ properties, inventName, logicalId }) {
      checkSourceArn(properties.SourceArn, logicalId)
      const { fn } = findFunction(functions, account, properties.FunctionName)
      const { qualifier = '' } = readName(properties.FunctionName)
      const sid = inventName(100)
      if (!fn.statements.has(qualifier)) fn.statements.set(qualifier, new Map())
      fn.statements
        .get(qualifier)!
        .set(sid, statement(sid, qualifiedArn(fn.arn, qualifier), properties, account))
      fn.heard.put(qualifier, policyOf(fn, qualifier))
      return { physicalId: sid, attributes: { Id: sid } }
    },
    delete({ physicalId, properties }) {
      const { name, qualifier = '' } = readName(properties.FunctionName)
      const fn = functions.get(name)
      if (fn?.statements.get(qualifier)?.delete(physicalId)) {
        fn.heard.put(qualifier, policyOf(fn, qualifier))
      }
    },
  }
}

/** The policy as GetPolicy gives it, or nothing when the function has none. */
export function policyText(fn: LambdaFunction, qualifier: string | undefined): string | undefined {
  const policy = policyOf(fn, qualifier)
  return (policy.Statement as readonly Statement[]).length > 0 ? JSON.stringify(policy) : undefined
}

function statement(sid: string, resource: string, properties: Properties, account: Account): Statement {
  const equal = {
    ...(properties.SourceAccount === undefined
      ? {}
      : { 'AWS:SourceAccount': String(properties.SourceAccount) }),
    ...(properties.PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': properties.PrincipalOrgID }),
  }
  const condition = {
    ...(Object.keys(equal).length > 0 ? { StringEquals: equal } : {}),
    ...(properties.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': properties.SourceArn } }),
  }
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal(String(properties.Principal), account),
    Action: properties.Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  }
}

function principal(given: string, account: Account): PrincipalElement {
  if (given === '*') return '*'
  if (/^\d{12}$/.test(given)) return { AWS: `arn:${account.partition}:iam::${given}:root` }
  if (given.startsWith('arn:')) return { AWS: given }
  return { Service: given }
}
