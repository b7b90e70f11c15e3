import type { Account } from '../../account.ts'
import type { Call, Operation, RestInput } from '../../service.ts'

/**
 * An operation that reads. `resource` is the path as IAM knows it: `/apikeys/:keyId`, and for API Gateway v2 without the `/v2` that the
 * address has.
 */
export const read = (
  name: string,
  resource: `/${string}`,
  run: (input: RestInput, call: Call) => unknown,
  version: '' | '/v2' = '',
): Operation<RestInput> => ({
  name,
  route: `GET ${version}${resource}`,
  access: ({ params }, { account }) => [
    { action: 'apigateway:GET', resource: arnOf(account, resource, params) },
  ],
  run,
})

/** `arn:aws:apigateway:us-east-1::/apis/abc123/routes`: without an account number. */
const arnOf = (
  { partition, region }: Account,
  resource: string,
  params: Readonly<Record<string, string>>,
): string =>
  `arn:${partition}:apigateway:${region}::${resource.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '')}`
