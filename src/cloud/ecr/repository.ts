/** A place for container images. There are none here: nothing could run them. */
export interface Repository {
  readonly name: string
  readonly arn: string
  readonly uri: string
  readonly createdAt: number
  imageTagMutability: string
  /** As the template has it, as JSON text. */
  policyText: string | undefined
  lifecycleText: string | undefined
  tags: readonly { readonly Key: string; readonly Value: string }[]
}
