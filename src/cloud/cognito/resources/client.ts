import type { Physical, ResourceType } from '../../cloudformation/resource.ts'
import { refusedInClient } from '../client-settings.ts'
import type { House } from '../house.ts'
import type { AppClient } from '../pool.ts'
import { userPoolClientRights } from '../rights.ts'
import { gone } from './gone.ts'

/** AWS::Cognito::UserPoolClient. There is no hosted page to sign in at, so what OAuth is allowed to do there is harmless. */
export const userPoolClient = ({ pools, knownIds }: House): ResourceType => ({
  type: 'AWS::Cognito::UserPoolClient',
  rights: userPoolClientRights,
  properties: {
    UserPoolId: 'replace',
    GenerateSecret: 'replace',
    ClientName: 'update',
    ExplicitAuthFlows: 'update',
    AccessTokenValidity: 'update',
    IdTokenValidity: 'update',
    RefreshTokenValidity: 'update',
    TokenValidityUnits: 'update',
    RefreshTokenRotation: 'update',
    AuthSessionValidity: 'update',
    PreventUserExistenceErrors: 'update',
    EnableTokenRevocation: 'update',
    EnablePropagateAdditionalUserContextData: 'update',
    ReadAttributes: 'update',
    WriteAttributes: 'update',
    SupportedIdentityProviders: 'update',
    AllowedOAuthFlows: 'update',
    AllowedOAuthFlowsUserPoolClient: 'harmless',
    AllowedOAuthScopes: 'harmless',
    CallbackURLs: 'harmless',
    DefaultRedirectURI: 'harmless',
    LogoutURLs: 'harmless',
  },
  attributes: ['ClientId', 'ClientSecret', 'Name'],
  refuse: properties =>
    refusedInClient(properties).map(what => `${what} is not supported by the local cloud`),
  create({ properties, inventName, stackName, logicalId }) {
    const name = properties.ClientName ?? inventName(128)
    const wantedId = knownIds?.get(`${stackName}/${logicalId}`)
    return physical(pools.createClient(properties.UserPoolId, properties, name, wantedId))
  },
  update({ properties }, { physicalId }) {
    const { UserPoolId, ClientName } = properties
    const name = ClientName ?? pools.client(UserPoolId, physicalId).settings.name
    return physical(pools.updateClient(UserPoolId, physicalId, properties, name))
  },
  delete: ({ physicalId, properties }) => gone(() => pools.deleteClient(properties.UserPoolId, physicalId)),
})

const physical = ({ id, secret, settings }: AppClient): Physical => ({
  physicalId: id,
  attributes: { ClientId: id, ClientSecret: secret, Name: settings.name },
})
