/** Whose cloud this is, and where: what every ARN is made of. */
export interface Account {
  /** Twelve digits. */
  readonly accountId: string
  readonly region: string
  readonly partition: string
  /** `amazonaws.com`: what follows the region in every host name. */
  readonly urlSuffix: string
}

/** The account number AWS's documentation uses in its examples: it cannot be mistaken for the learner's own. */
export const defaultAccount: Account = {
  accountId: '123456789012',
  region: 'us-east-1',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
}
