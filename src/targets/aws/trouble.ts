/** What can stand in the way of an account. */
export type TroubleKind =
  | 'no-profile'
  | 'no-credentials'
  | 'refused-keys'
  | 'expired'
  | 'sso-login'
  | 'no-region'
  | 'endpoints'
  | 'unreachable'
  | 'clock-skew'
  | 'wrong-partition'
  | 'not-allowed'
  | 'limit'
  | 'throttled'
  | 'stack-exists'
  | 'cdk'
  | 'file-assets'
  | 'too-large'
  | 'left-behind'

/** Something between the kit and the account that is not the stack's fault: a sentence, and what to do about it. */
export class AwsTrouble extends Error {
  readonly kind: TroubleKind
  /** The next step, as a sentence; a command in it stands in backticks. */
  readonly next: string

  constructor(kind: TroubleKind, message: string, next: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'AwsTrouble'
    this.kind = kind
    this.next = next
  }
}

/** Who wanted to get where. */
export interface Journey {
  readonly profile: string
  readonly region?: string | undefined
  readonly endpoint?: string | undefined
}

type Words = readonly [kind: TroubleKind, message: string, next: string]

/** An error of an SDK as a trouble, where it is one; anything else comes back as it is. */
export function troubleOf(error: unknown, journey: Journey): unknown {
  if (!(error instanceof Error) || error instanceof AwsTrouble) return error
  const words =
    withoutKeys(error, journey) ??
    withoutAnswer(error, journey) ??
    withWrongTime(error) ??
    withRefusedKeys(error, journey) ??
    withoutRights(error, journey)
  return words ? new AwsTrouble(...words, error) : error
}

/** A profile that neither of the files has. */
export const noSuchProfile = (profile: string, known: readonly string[]): AwsTrouble =>
  new AwsTrouble(
    'no-profile',
    `There is no profile "${profile}" in your AWS configuration.`,
    known.length > 0
      ? `Name one of ${known.join(', ')}, or make it with \`aws configure --profile ${profile}\`.`
      : `Make it with \`aws configure --profile ${profile}\` or \`aws configure sso --profile ${profile}\`.`,
  )

/** Some services are sent elsewhere by a setting of their own: the CDK would go one way, and we another. */
export const manyEndpoints = (setting: string): AwsTrouble =>
  new AwsTrouble(
    'endpoints',
    `${setting} sends single services to endpoints of their own, which the CDK does not follow.`,
    'Set one endpoint for all of them (AWS_ENDPOINT_URL, or endpoint_url in the profile), or none.',
  )

/** A region where the credentials cannot be meant for. */
export const wrongPartition = ({ profile, region }: Journey, cause?: unknown): AwsTrouble =>
  new AwsTrouble(
    'wrong-partition',
    `The credentials of "${profile}" do not belong to the partition of ${region}: China and GovCloud have accounts of their own.`,
    `Set a region of your account's partition with \`aws configure set region us-east-1 --profile ${profile}\`, or name another profile.`,
    cause,
  )

/** `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

function withoutKeys({ name, message }: Error, { profile }: Journey): Words | undefined {
  if (message === 'Region is missing') {
    return [
      'no-region',
      `The profile "${profile}" does not say which region to work in.`,
      `Set one with \`aws configure set region us-east-1 --profile ${profile}\`.`,
    ]
  }
  if (name !== 'CredentialsProviderError' && name !== 'TokenProviderError') return
  if (/re-?authenticate/i.test(message)) {
    return [
      'sso-login',
      `The login of the profile "${profile}" has run out.`,
      `Log in with \`aws login --profile ${profile}\`.`,
    ]
  }
  if (/SSO/i.test(message)) {
    return [
      'sso-login',
      `The profile "${profile}" needs you to log in: it has no valid SSO session.`,
      `Log in with \`aws sso login --profile ${profile}\`.`,
    ]
  }
  return [
    'no-credentials',
    `The profile "${profile}" gives no credentials: ${message}`,
    `Give it some with \`aws configure --profile ${profile}\`, or try \`aws sts get-caller-identity --profile ${profile}\`.`,
  ]
}

/** Codes of Node's for a host that is not found, does not answer, or is not who it says it is. */
const SILENT =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|.*CERT.*)$/

function withoutAnswer(error: Error, { region, endpoint }: Journey): Words | undefined {
  const { code = '' } = error as NodeJS.ErrnoException
  if (!SILENT.test(code) && error.name !== 'TimeoutError') return
  const because = error.message || code
  return endpoint
    ? [
        'unreachable',
        `Nobody answers at ${endpoint}: ${because}.`,
        'Start what should be there, or unset AWS_ENDPOINT_URL to reach AWS itself.',
      ]
    : [
        'unreachable',
        `AWS cannot be reached in ${region}: ${because}.`,
        'Check your network and proxy, and whether the region is written as AWS writes it.',
      ]
}

function withWrongTime({ name, message }: Error): Words | undefined {
  const aboutTime = /Signature expired|Signature not yet current/.test(message)
  if (name !== 'RequestTimeTooSkewed' && !aboutTime) return
  return [
    'clock-skew',
    `The clock of this machine is wrong, so AWS does not take its signatures: ${message}`,
    'Set the clock (switch on automatic date and time), and try again.',
  ]
}

function withRefusedKeys(error: Error, journey: Journey): Words | undefined {
  const { name, message } = error
  const { profile, region = '' } = journey
  if (/^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/.test(name)) {
    return [
      'expired',
      `The credentials of the profile "${profile}" have expired.`,
      `Fetch new ones, the way you got them, and try \`aws sts get-caller-identity --profile ${profile}\`.`,
    ]
  }
  if (
    !/^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException)$/.test(
      name,
    )
  )
    return
  // AWS does not say that keys are of another partition, only that it does not know them.
  if (partitionOf(region) !== 'aws') {
    const { kind, message, next } = wrongPartition(journey)
    return [kind, message, next]
  }
  return [
    'refused-keys',
    `AWS does not take the keys of the profile "${profile}": ${message}`,
    `Put them right with \`aws configure --profile ${profile}\`.`,
  ]
}

function withoutRights({ name, message }: Error, { profile }: Journey): Words | undefined {
  if (/^AccessDenied(Exception)?$/.test(name)) {
    return [
      'not-allowed',
      message,
      `Ask the person who looks after the account to allow it, or name another profile than "${profile}".`,
    ]
  }
  if (
    /^(Throttling|ThrottlingException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/.test(name)
  ) {
    return [
      'throttled',
      `AWS has been asked too often, and still says so after several tries: ${message}`,
      'Wait a minute and try again. Where many share an account, begin one after another.',
    ]
  }
  if (name !== 'LimitExceededException') return
  return ['limit', message, 'Delete stacks that are not needed any more, or have the quota raised.']
}
