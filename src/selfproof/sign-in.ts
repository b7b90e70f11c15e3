import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js'

/** Where somebody signs in: a pool and a client of it, and where Cognito is. */
export interface SignInAt {
  readonly UserPoolId: string
  readonly ClientId: string
  readonly endpoint: string
}

/** Signs in as pages do, by SRP: the password never leaves the page. Answers with the id token. */
export function signIn(at: SignInAt, username: string, password: string): Promise<string> {
  const user = new CognitoUser({ Username: username, Pool: new CognitoUserPool(at) })
  const details = new AuthenticationDetails({ Username: username, Password: password })
  return new Promise((resolve, reject) => {
    user.authenticateUser(details, {
      onSuccess: session => resolve(session.getIdToken().getJwtToken()),
      onFailure: reject,
    })
  })
}
