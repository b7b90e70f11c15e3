import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import { takeSnapshot } from '../deploy.ts'
import { apiOf, bad, memberOf } from './found.ts'
import { deploymentRights } from './rights.ts'

/** AWS::ApiGatewayV2::Deployment: a snapshot, made once and for all (facts: H2). */
export function deploymentResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Deployment',
    attributes: ['DeploymentId'],
    rights: deploymentRights,
    comesFirst: true,
    properties: { ApiId: 'replace', StageName: 'update', Description: 'update' },
    create({ properties }) {
      const deploymentId = core.ids.resource()
      const api = apiOf(core, properties.ApiId)
      const snapshot = takeSnapshot(api, deploymentId)
      if (properties.StageName) {
        const stage = memberOf(api.stages, 'Stage', properties.StageName)
        if (stage.settings.autoDeploy) bad('Deployment ID cannot be set while auto deploy is enabled')
        stage.deployed = snapshot
      }
      api.deployments.set(deploymentId, snapshot)
      return { physicalId: deploymentId, attributes: { DeploymentId: deploymentId } }
    },
    update({ properties }, existing) {
      const api = apiOf(core, properties.ApiId)
      const snapshot = memberOf(api.deployments, 'Deployment', existing.physicalId)
      // A new description moves no stage.
      if (properties.StageName && properties.StageName !== existing.properties.StageName) {
        memberOf(api.stages, 'Stage', properties.StageName).deployed = snapshot
      }
      return existing
    },
    delete({ physicalId, properties }) {
      const api = core.apis.get(String(properties.ApiId))
      for (const stage of api?.stages.values() ?? []) {
        if (stage.deployed?.deploymentId !== physicalId) continue
        // The stage to which it deployed itself can only be deleted after it (assumed).
        if (stage.stageName !== properties.StageName) {
          bad('Active stages pointing to this deployment must be moved or deleted')
        }
        stage.deployed = undefined
      }
      api?.deployments.delete(physicalId)
    },
  }
}
