import { AwsError } from '../error.ts'
import { isOperator } from './conditions.ts'

/** What a document is attached to: it decides which elements it must and must not have. */
export type DocumentKind = 'identity' | 'trust' | 'resource'

/**
 * Reads a policy document as IAM does when it is created, from JSON text or as an object.
 * Throws `MalformedPolicyDocument` in AWS's words as far as they are known; elsewhere IAM's own
 * catch-all, "Syntax errors in policy.", which is also what it says to an unknown condition operator.
 */
export function validatePolicy(document: unknown, kind: DocumentKind): void {
  const policy = typeof document === 'string' ? parse(document) : document
  if (!isObject(policy)) throw syntaxErrors()
  onlyKnown(policy, ['Version', 'Id', 'Statement'])
  if (policy.Version !== undefined && !VERSIONS.includes(String(policy.Version))) throw syntaxErrors()
  if (policy.Statement === undefined) throw syntaxErrors()

  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  for (const statement of statements) validateStatement(statement, kind)
  const sids = statements.map(one => one.Sid).filter(sid => sid !== undefined && sid !== '')
  if (new Set(sids).size < sids.length) {
    throw malformed('Statement IDs (SID) in a single policy must be unique.')
  }
}

const VERSIONS = ['2012-10-17', '2008-10-17']

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

function validateStatement(statement: unknown, kind: DocumentKind): void {
  if (!isObject(statement)) throw syntaxErrors()
  onlyKnown(statement, ELEMENTS)
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } =
    statement
  if (
    Sid !== undefined &&
    (typeof Sid !== 'string' || (kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(Sid)))
  ) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
  }
  if (Effect === undefined) throw malformed('Missing required field Effect')
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed(`Invalid effect: ${Effect}`)
  notBoth(Principal, NotPrincipal)
  notBoth(Action, NotAction)
  notBoth(Resource, NotResource)

  validateActions(Action ?? NotAction)
  if (kind === 'trust') validateTrust(statement)
  else validateResources(Resource ?? NotResource)
  if (kind === 'identity' && (Principal ?? NotPrincipal) !== undefined) {
    throw malformed('Policy document should not specify a principal.')
  }
  if (kind !== 'identity') validatePrincipal(Principal ?? NotPrincipal)
  validateCondition(Condition)
}

function validateActions(actions: unknown): void {
  if (actions === undefined) throw malformed('Policy statement must contain actions.')
  for (const action of texts(actions)) {
    if (action === '*') continue
    const [vendor, name, ...rest] = action.split(':')
    if (name === undefined) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
    }
    if (!/^[\w-]+$/.test(vendor ?? '')) throw malformed(`Vendor ${vendor} is not valid`)
    if (!/^[\w*?]+$/.test(name) || rest.length > 0)
      throw malformed('Actions/Condition can contain only one colon.')
  }
}

function validateResources(resources: unknown): void {
  if (resources === undefined) throw malformed('Policy statement must contain resources.')
  for (const resource of texts(resources)) {
    if (resource === '*') continue
    const parts = resource.split(':')
    // `arn:aws:sns:*` will do: a star at the end stands for the parts that are left out.
    if (parts[0] !== 'arn' || (parts.length < 6 && !resource.endsWith('*'))) {
      throw malformed(`Resource ${resource} must be in ARN format or "*".`)
    }
  }
}

/** A trust policy is about its own role, so it names no resource, and is about assuming, so it knows no other action. */
function validateTrust({ Action, NotAction, Resource, NotResource }: Record<string, unknown>): void {
  if ((Resource ?? NotResource) !== undefined) throw malformed('Has prohibited field Resource')
  const actions = texts(Action ?? NotAction)
  if (!actions.every(action => /^sts:/i.test(action))) {
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.')
  }
}

function validatePrincipal(principal: unknown): void {
  if (principal === undefined) throw malformed('Missing required field Principal')
  if (principal === '*') return
  if (!isObject(principal)) throw syntaxErrors()
  onlyKnown(principal, ['AWS', 'Service', 'Federated', 'CanonicalUser'])
  for (const name of principal.AWS === undefined ? [] : texts(principal.AWS)) {
    if (name === '*' || /^\d{12}$/.test(name) || PRINCIPAL_ARN.test(name) || UNIQUE_ID.test(name)) continue
    throw malformed(`Invalid principal in policy: "AWS":"${name}"`)
  }
  for (const name of principal.Service === undefined ? [] : texts(principal.Service)) {
    if (name === '*' || /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(name)) continue
    throw malformed(`Invalid principal in policy: "SERVICE":"${name}"`)
  }
}

/** Wildcards are allowed only as the whole name. */
const PRINCIPAL_ARN = /^arn:[\w-]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^*?]+)$/
/** What IAM makes of an ARN whose role or user is gone. */
const UNIQUE_ID = /^A(ROA|IDA)[A-Z0-9]+$/

function validateCondition(condition: unknown): void {
  if (condition === undefined) return
  if (!isObject(condition)) throw syntaxErrors()
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isOperator(operator) || !isObject(keys)) throw syntaxErrors()
    for (const [key, values] of Object.entries(keys)) {
      if (!/^[\w.-]+:./.test(key)) {
        throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
      }
      const list = Array.isArray(values) ? values : [values]
      if (!list.every(value => ['string', 'number', 'boolean'].includes(typeof value))) throw syntaxErrors()
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw syntaxErrors()
    throw error
  }
}

function onlyKnown(object: Record<string, unknown>, names: readonly string[]): void {
  if (Object.keys(object).some(name => !names.includes(name))) throw syntaxErrors()
}

function notBoth(element: unknown, negated: unknown): void {
  if (element !== undefined && negated !== undefined) throw syntaxErrors()
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value]
  if (!list.every(one => typeof one === 'string')) throw syntaxErrors()
  return list
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const malformed = (message: string) => new AwsError('MalformedPolicyDocument', message)
const syntaxErrors = () => malformed('Syntax errors in policy.')
