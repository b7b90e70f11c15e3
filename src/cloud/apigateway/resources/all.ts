import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import { accountResource } from './account.ts'
import { apiResource } from './api.ts'
import { apiKeyResource } from './api-key.ts'
import { apiMappingResource } from './api-mapping.ts'
import { authorizerResource } from './authorizer.ts'
import { deploymentResource } from './deployment.ts'
import { domainNameResource } from './domain-name.ts'
import { integrationResource } from './integration.ts'
import { integrationResponseResource } from './integration-response.ts'
import { modelResource } from './model.ts'
import { routeResource } from './route.ts'
import { routeResponseResource } from './route-response.ts'
import { stageResource } from './stage.ts'
import { usagePlanResource } from './usage-plan.ts'
import { usagePlanKeyResource } from './usage-plan-key.ts'

/** Everything that WebSocket APIs are made of here. */
export const gatewayResources = (core: Core): readonly ResourceType[] => [
  apiResource(core),
  stageResource(core),
  deploymentResource(core),
  routeResource(core),
  routeResponseResource(core),
  integrationResource(core),
  integrationResponseResource(core),
  modelResource(core),
  authorizerResource(core),
  domainNameResource(core),
  apiMappingResource(core),
  accountResource(core),
  apiKeyResource(core),
  usagePlanResource(core),
  usagePlanKeyResource(core),
]
