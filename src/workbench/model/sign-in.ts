/** A user pool client at which test users can sign in. */
export interface Entrance {
  readonly poolId: string
  readonly pool: string
  readonly clientId: string
  readonly client: string
  /** The users that the pool has already. */
  readonly users: readonly string[]
  /** Why nobody can sign in there from here, in words. */
  readonly cannot?: string
}

/** A test user who has signed in, with the tokens that Cognito gave. */
export interface SignedIn {
  readonly name: string
  readonly idToken: string
  readonly accessToken: string
}
