import type { AuthenticationResult } from './tokens.ts'

/** Where somebody stands who signs in: there, or before another question. */
export type Progress =
  | { readonly AuthenticationResult: AuthenticationResult; readonly ChallengeParameters: object }
  | {
      readonly ChallengeName: string
      readonly Session?: string
      readonly ChallengeParameters: Readonly<Record<string, string>>
    }

export type Parameters = Readonly<Record<string, string>>
