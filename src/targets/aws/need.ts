import { PREFIX } from './names.ts'

/** Something that an attendee must be allowed, in general: `{account}` and `{region}` stand for theirs. */
export interface Need {
  readonly action: string
  /** An ARN with stars for what has another name each time. */
  readonly resource: string
  /** What a policy can insist on: condition key → values seen. */
  readonly when?: Readonly<Record<string, readonly string[]>>
  /** Who needed it first: `lab2-wrong-permissions`, or a fix, `checks/lab2-wrong-permissions/right/one-role`. */
  readonly by: string
}

/** A question that IAM was asked. */
export interface Asked {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, string | readonly string[]>> | undefined
}

/** Condition keys that keep a right small: to whom a role is passed, which policy is attached, whose queue is read. */
const KEYS = ['iam:PassedToService', 'iam:PolicyARN', 'lambda:FunctionArn']

/** Ids that AWS makes up, of things that have no other name in an ARN. */
const NAMELESS: readonly (readonly [RegExp, string])[] = [
  [/^(arn:aws:apigateway:\{region\}::\/(?:apis|tags|domainnames|apikeys|usageplans))\/.+$/, '$1/*'],
  [/^(arn:aws:cognito-idp:\{region\}:\{account\}:userpool)\/.+$/, '$1/*'],
  [/^(arn:aws:lambda:\{region\}:\{account\}:event-source-mapping):.+$/, '$1:*'],
  [/^(arn:aws:execute-api:\{region\}:\{account\}):.+$/, '$1:*'],
  [/^(arn:aws:logs:\{region\}:\{account\}:log-group:\/aws\/apigateway)\/.+$/, '$1/*'],
  [/^(arn:aws:logs:\{region\}:\{account\}:log-group):.*$/, '$1:*'],
  // To IAM, a question about one alarm is a question about all of them.
  [/^(arn:aws:cloudwatch:\{region\}:\{account\}:alarm):\*$/, '$1:*'],
  [/^(arn:aws:ec2:\{region\}:\{account\}:[a-z-]+)\/.+$/, '$1/*'],
  // The CDK looks whether somebody has bootstrapped the account.
  [/^(arn:aws:cloudformation:\{region\}:\{account\}:stack\/CDKToolkit)\/.+$/, '$1/*'],
]

/**
 * What of a question is true of everybody: of names that begin with the kit's own prefix the rest, of ids all of it gives way
 * to a star. Throws for a resource that is neither: a policy must not grow wide unseen.
 */
export function needOf({ action, resource, context = {} }: Asked, place: Place, by: string): Need {
  const keys = KEYS.filter(key => context[key] !== undefined)
  return {
    // SNS writes itself large in its refusals.
    action: action.replace(/^[^:]+/, service => service.toLowerCase()),
    resource: inGeneral(resource, place),
    ...(keys.length > 0 && {
      when: Object.fromEntries(
        keys.map(key => [key, [context[key]!].flat().map(value => inGeneral(value, place))]),
      ),
    }),
    by,
  }
}

/** Where the questions were asked. */
export interface Place {
  readonly accountId: string
  readonly region: string
}

function inGeneral(text: string, { accountId, region }: Place): string {
  const general = text.replaceAll(accountId, '{account}').replaceAll(region, '{region}')
  if (!general.startsWith('arn:') || general.startsWith('arn:aws:iam::aws:policy/')) return general
  if (/^arn:aws:apigateway:\{region\}::\/(apis|account)$/.test(general)) return general
  const bucket = /^arn:aws:s3:::wslab-\{account\}-\{region\}-/.exec(general)?.[0]
  if (bucket) return `${bucket}*`
  const named = general.indexOf(PREFIX, general.lastIndexOf(':{account}:'))
  if (named !== -1) return `${general.slice(0, named)}${PREFIX}*`
  for (const [pattern, wide] of NAMELESS) if (pattern.test(general)) return general.replace(pattern, wide)
  throw new Error(
    `There is no telling in general what ${text} is: a name that does not begin with ${PREFIX}.`,
  )
}

/** Needs without repetition, in an order that stays. */
export function distinct(needs: readonly Need[]): readonly Need[] {
  const all = new Map<string, Need>()
  // SQS writes its actions small when it refuses; a policy may have them either way.
  for (const need of needs.toSorted((a, b) => (a.action < b.action ? -1 : 1))) {
    if (!all.has(keyOf(need))) all.set(keyOf(need), need)
  }
  return [...all.values()].sort((a, b) => compare(keyOf(a), keyOf(b)))
}

/** What makes two needs the same. */
export const keyOf = ({ action, resource, when = {} }: Need): string =>
  `${action.toLowerCase()} ${resource} ${JSON.stringify(when)}`

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
