import type { Operation } from '../service.ts'
import type { House } from './house.ts'
import { checkMembers } from './members.ts'
import type { Kinds } from './operation.ts'
import { paged } from './paged.ts'
import type { AppClient, Pool } from './pool.ts'

/** Pools and their app clients themselves. */
export function poolOperations({ pools, post }: House, { admin }: Kinds): readonly Operation[] {
  return [
    {
      name: 'CreateUserPool',
      access: () => [{ action: 'cognito-idp:CreateUserPool', resource: '*' }],
      run(input) {
        checkMembers(input, ['PoolName'])
        return { UserPool: describePool(pools.create(input, input.PoolName)) }
      },
    },
    {
      name: 'ListUserPools',
      access: () => [{ action: 'cognito-idp:ListUserPools', resource: '*' }],
      run(input) {
        checkMembers(input, ['MaxResults'])
        const page = paged(pools.all(), input.MaxResults, input.NextToken)
        return {
          UserPools: page.items.map(({ id, settings, created, modified }) => ({
            Id: id,
            Name: settings.name,
            LambdaConfig: settings.given.LambdaConfig ?? {},
            LastModifiedDate: modified / 1000,
            CreationDate: created / 1000,
          })),
          NextToken: page.next,
        }
      },
    },
    admin('DescribeUserPool', [], pool => ({ UserPool: describePool(pool) })),
    admin('DeleteUserPool', [], pool => {
      pools.delete(pool.id)
      post.forget(pool)
      return undefined
    }),
    admin('CreateUserPoolClient', ['ClientName'], (pool, input) => ({
      UserPoolClient: describeClient(pool, pools.createClient(pool.id, input, input.ClientName)),
    })),
    admin('DescribeUserPoolClient', ['ClientId'], (pool, input) => ({
      UserPoolClient: describeClient(pool, pools.client(pool.id, input.ClientId)),
    })),
    admin('DeleteUserPoolClient', ['ClientId'], (pool, input) => {
      pools.deleteClient(pool.id, input.ClientId)
      return undefined
    }),
    admin('ListUserPoolClients', [], (pool, input) => {
      const page = paged([...pool.clients.values()], input.MaxResults, input.NextToken)
      return {
        UserPoolClients: page.items.map(({ id, settings }) => ({
          ClientId: id,
          UserPoolId: pool.id,
          ClientName: settings.name,
        })),
        NextToken: page.next,
      }
    }),
  ]
}

function describePool({ id, arn, settings, users, created, modified }: Pool) {
  const { given, passwordPolicy: policy } = settings
  return {
    Id: id,
    Arn: arn,
    Name: settings.name,
    Policies: {
      PasswordPolicy: {
        MinimumLength: policy.minimumLength,
        RequireUppercase: policy.uppercase,
        RequireLowercase: policy.lowercase,
        RequireNumbers: policy.numbers,
        RequireSymbols: policy.symbols,
        TemporaryPasswordValidityDays: policy.temporaryDays,
      },
    },
    DeletionProtection: settings.isDeletionProtected ? 'ACTIVE' : 'INACTIVE',
    LambdaConfig: given.LambdaConfig ?? {},
    LastModifiedDate: modified / 1000,
    CreationDate: created / 1000,
    SchemaAttributes: settings.schema,
    AutoVerifiedAttributes: given.AutoVerifiedAttributes,
    AliasAttributes: given.AliasAttributes,
    UsernameAttributes: given.UsernameAttributes,
    VerificationMessageTemplate: {
      DefaultEmailOption: 'CONFIRM_WITH_CODE',
      ...given.VerificationMessageTemplate,
    },
    EmailVerificationMessage: given.EmailVerificationMessage,
    EmailVerificationSubject: given.EmailVerificationSubject,
    SmsVerificationMessage: given.SmsVerificationMessage,
    MfaConfiguration: 'OFF',
    EstimatedNumberOfUsers: users.size,
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ...given.EmailConfiguration },
    UserPoolTags: settings.tags,
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: settings.onlyAdminsCreateUsers,
      UnusedAccountValidityDays: policy.temporaryDays,
    },
    UsernameConfiguration: given.UsernameConfiguration && { CaseSensitive: settings.isCaseSensitive },
    AccountRecoverySetting: given.AccountRecoverySetting,
    UserPoolTier: given.UserPoolTier ?? 'ESSENTIALS',
  }
}

function describeClient({ id: UserPoolId }: Pool, { id, secret, settings, created, modified }: AppClient) {
  const { given } = settings
  return {
    UserPoolId,
    ClientName: settings.name,
    ClientId: id,
    ClientSecret: secret,
    LastModifiedDate: modified / 1000,
    CreationDate: created / 1000,
    RefreshTokenValidity: Number(given.RefreshTokenValidity ?? 0) || 30,
    AccessTokenValidity: given.AccessTokenValidity && Number(given.AccessTokenValidity),
    IdTokenValidity: given.IdTokenValidity && Number(given.IdTokenValidity),
    TokenValidityUnits: given.TokenValidityUnits ?? {},
    ReadAttributes: settings.readAttributes,
    WriteAttributes: settings.writeAttributes,
    ExplicitAuthFlows: given.ExplicitAuthFlows,
    SupportedIdentityProviders: given.SupportedIdentityProviders,
    CallbackURLs: given.CallbackURLs,
    LogoutURLs: given.LogoutURLs,
    DefaultRedirectURI: given.DefaultRedirectURI,
    AllowedOAuthFlows: given.AllowedOAuthFlows,
    AllowedOAuthScopes: given.AllowedOAuthScopes,
    AllowedOAuthFlowsUserPoolClient: String(given.AllowedOAuthFlowsUserPoolClient ?? false) === 'true',
    PreventUserExistenceErrors: given.PreventUserExistenceErrors,
    EnableTokenRevocation: settings.canRevokeTokens,
    EnablePropagateAdditionalUserContextData: false,
    AuthSessionValidity: settings.challengeFor / 60_000,
  }
}
