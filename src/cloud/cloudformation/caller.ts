import { randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import { asIamWrites, denialText } from '../iam/denial.ts'
import type { Principal } from '../iam/principal.ts'
import type { Iam } from '../iam/roles.ts'
import type { Access } from '../service.ts'
import type { Rights } from './rights.ts'

/** Whose rights an operation on a stack has. Without one it may do everything: that is the learner, at home. */
export interface Caller {
  /** Asks IAM for what the handlers of a resource are about to do. Throws AWS's words for the first refusal. */
  ask(rights: Rights, accesses: readonly Access[]): void
  /** Asks IAM for a parameter that a template takes in. Throws `ValidationError` with what Systems Manager says. */
  askForParameter(arn: string): void
}

/** CloudFormation calls other services in the name of its caller, and says so. */
const FORWARDED = {
  'aws:CalledVia': ['cloudformation.amazonaws.com'],
  'aws:CalledViaFirst': 'cloudformation.amazonaws.com',
  'aws:CalledViaLast': 'cloudformation.amazonaws.com',
  'aws:ViaAWSService': 'true',
}

/** A caller with the rights of `principal`: of somebody who called CloudFormation, or, `asRole`, of the stack's own role. */
export const callerAs = (
  principal: Principal,
  authorize: Iam['authorize'],
  { asRole = false }: { readonly asRole?: boolean } = {},
): Caller => ({
  ask({ service }, accesses) {
    for (const access of accesses) {
      const asked = asRole ? access : { ...access, context: { ...FORWARDED, ...access.context } }
      const decision = authorize(principal, asked)
      if (decision.allowed) continue
      const written = asWrittenBy(service, access)
      const text =
        service === 'Lambda' && access.action === 's3:GetObject'
          ? deniedByS3(access.resource)
          : denialText(principal, written, decision)
      throw new AwsError('AccessDenied', handlerSays(service, text), 403)
    }
  },
  askForParameter(arn) {
    const access = { action: 'ssm:GetParameters', resource: arn }
    const decision = authorize(principal, asRole ? access : { ...access, context: FORWARDED })
    if (decision.allowed) return
    const text = denialText(principal, access, decision)
    const from = `Service: AWSSimpleSystemsManagement; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${randomUUID()}; Proxy: null`
    throw new AwsError('ValidationError', `${text} (${from})`)
  },
})

/** IAM and S3 have their own way with resources, SQS with actions. */
function asWrittenBy(service: string, access: Access): Access {
  if (service === 'Iam') return { ...access, resource: asIamWrites(access) }
  if (service === 'S3') return { ...access, resource: `"${access.resource}"` }
  return service === 'Sqs' ? { ...access, action: access.action.toLowerCase() } : access
}

/** The services whose protocol is JSON say no with 400, the others with 403. */
const JSON_SERVICES = new Set(['Acm', 'CloudWatchLogs', 'CognitoIdentityProvider', 'DynamoDb', 'Ssm'])

/** The form is that of captures of 2025; that every service's handlers call it AccessDenied is assumed: some captures have GeneralServiceException. */
const handlerSays = (service: string, text: string): string =>
  `Resource handler returned message: "${text} (Service: ${service}, Status Code: ${JSON_SERVICES.has(service) ? 400 : 403}, ` +
  `Request ID: ${randomUUID()}) (SDK Attempt Count: 1)" (RequestToken: ${randomUUID()}, HandlerErrorCode: AccessDenied)`

/** Lambda fetches code in its caller's name, and tells of it in words of its own. */
const deniedByS3 = (arn: string): string =>
  `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${arn.split(':::')[1]}. ` +
  'S3 Error Code: AccessDenied. S3 Error Message: Access Denied'
