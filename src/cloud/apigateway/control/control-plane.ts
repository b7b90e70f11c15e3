import { AwsError } from '../../error.ts'
import { denialText } from '../../iam/denial.ts'
import type { Service } from '../../service.ts'
import type { Core } from '../core.ts'
import type { Ledger } from '../resources/ledger.ts'
import { apiOperations } from './api-operations.ts'
import { keyOperations } from './key-operations.ts'

/**
 * API Gateway's own API, at `apigateway.{region}.amazonaws.com`, as far as it reads: version 2 for WebSocket APIs, and version 1 for API keys
 * and usage plans. Both sign as `apigateway`, and IAM knows both by HTTP method and path. What there is comes and goes with templates.
 */
export function controlPlane(core: Core, ledger: Ledger): Service {
  return {
    signingName: 'apigateway',
    protocol: 'rest-json',
    operations: [...apiOperations(core, ledger), ...keyOperations(core, ledger)],
    denied: (access, decision, { principal }) =>
      new AwsError('AccessDeniedException', denialText(principal, access, decision), 403, {
        messageKey: 'Message',
      }),
  }
}
