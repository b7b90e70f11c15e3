import type { Properties } from '../../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../../cloudformation/resource.ts'
import { customResourceRights } from '../../lambda/rights.ts'
import type { House } from '../house.ts'

/** What CDK's `userPoolClientSecret` makes: a function of CDK's asks for the client. The function is not needed here. */
export const describeClient = ({ pools }: House): ResourceType => {
  const look = ({ Create, Update }: Properties): Physical => {
    const { parameters } = JSON.parse(Update ?? Create)
    const { secret } = pools.client(parameters.UserPoolId, parameters.ClientId)
    return { physicalId: parameters.ClientId, attributes: { 'UserPoolClient.ClientSecret': secret } }
  }
  return {
    type: 'Custom::DescribeCognitoUserPoolClient',
    rights: customResourceRights,
    properties: {
      ServiceToken: 'harmless',
      Create: 'update',
      Update: 'update',
      InstallLatestAwsSdk: 'harmless',
    },
    attributes: ['UserPoolClient.ClientSecret'],
    create: ({ properties }) => look(properties),
    update: ({ properties }) => look(properties),
  }
}
