import type { Cloud } from '../cloud/cloud.ts'

/** The lines by which the CDK CLI, the AWS CLI and SDKs reach a cloud from any terminal. */
export const howToReach = ({ endpoint, credentials, account }: Cloud): string =>
  `The CDK CLI, the AWS CLI and SDKs reach this cloud from any terminal with:
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${account.region} AWS_DEFAULT_REGION=${account.region}
  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}
`
