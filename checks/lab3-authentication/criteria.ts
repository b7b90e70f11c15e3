import { type Criterion, type Diagnosis, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { isGatewayError } from '../gateway-error.ts'
import { refused } from '../handshake.ts'
import { isAmong, isGone, rows } from '../rows.ts'
import { withAccounts } from './accounts.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { claimsOf, NO_TOKENS, rewritten, signedByAStranger, unsigned, withItsOwnKey } from './forgery.ts'
import { comesInByBrowser } from './in-a-browser.ts'
import { comesIn, type Member, staysOut } from './room.ts'

/** How much later than a token's end is late enough, in milliseconds: some leeway for clocks that differ is usual. */
const WELL_PAST = 10 * 60_000

/** Members by which a message, or a query, may claim a name. */
const claimed = (name: string) => ({
  name,
  from: name,
  user: name,
  username: name,
  userName: name,
  sender: name,
})

/** What it can mean that somebody was refused otherwise than by 401 or 403, or not at all. */
const notRefused: readonly Diagnosis[] = [
  {
    when: /was refused with 500/,
    means:
      'The door stayed shut, but by an accident: 500 is what a client is told when the authorizer fails or does not answer with a policy. In the errors this looks like a broken room, not like a client that was turned away.',
    hint: 'docs/authentication.md#failing-is-not-refusing',
    where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
  },
  {
    when: /was refused with 502/,
    means:
      'The function that takes $connect failed. That keeps a client out, but it is no answer to who they are.',
    hint: 'docs/authentication.md#failing-is-not-refusing',
  },
  {
    when: /was refused with (?!401|403)(\d+)/,
    means: 'The door stayed shut, but $1 does not say why.',
    hint: 'docs/authentication.md#what-a-refusal-looks-like',
  },
  {
    when: /has a row in the table/,
    means:
      'The client was turned away only after it had been written on the list. Until the row is deleted, somebody who never came in counts among those who are there.',
    hint: 'docs/authentication.md#what-a-refusal-looks-like',
  },
]

/** What lab 3 promises: who may come in, who may not, and whose name stands on a message. */
export const criteria: readonly Criterion[] = [
  {
    id: 'the-signed-in-come-in',
    says: 'Somebody who has signed in comes in with ?token=, and is on the list until they leave',
    hint: 'docs/authentication.md#where-the-token-travels',
    probe: scene =>
      withAccounts(scene, async ({ signIn }) => {
        const ana = await comesIn(scene, await signIn('ana'))
        const ben = await comesIn(scene, await signIn('ben'))

        await ben.client.leave()
        await isGone(scene, ben)
        if (!isAmong(await rows(scene), ana.row)) {
          throw new Unmet({
            expected: 'the row of ana, who is still there, to stay in the table',
            observed: 'it was gone when ben had left',
          })
        }
      }),
    diagnoses: [
      {
        when: /^Cognito answered (\w+): (.+)/,
        means: "The check could not sign in with the stack's own pool and client. Two outputs name them.",
        hint: 'docs/authentication.md#signing-in',
        where: { resource: 'AWS::Cognito::UserPoolClient' },
      },
      {
        when: /Error: Unauthorized\b/,
        means: 'The authorizer was asked, and said Unauthorized to a token that is good.',
        hint: 'docs/authentication.md#verifying-a-token',
        where: 'the-function-that-said-it',
      },
      {
        // Not a line in which a function only tells of a token that it did not like.
        when: /(?:^| logged: )(\w*(?:Error|Exception)): (.+)/,
        means: 'A function at the door failed: $2',
        hint: 'docs/authentication.md#failing-is-not-refusing',
        where: 'the-function-that-said-it',
      },
      {
        when: /refused with 401/,
        means:
          'Most often no function was asked: with 401 API Gateway says that the token is not where the authorizer expects it. The client sends it where a browser can, in the query.',
        where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
      },
      {
        when: /refused with 403/,
        means:
          'Somebody who has just signed in was turned away. Either the authorizer denied it, and should not, or it allowed something else than this stage and route.',
        hint: 'docs/authentication.md#what-an-authorizer-answers',
        where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
      },
      {
        when: /refused with 500/,
        means:
          'The authorizer failed, or was not allowed to be asked, or did not answer with a policy as API Gateway wants it.',
        hint: 'docs/authentication.md#what-an-authorizer-answers',
        where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
      },
      {
        when: /it was gone when ben had left/,
        means: 'Somebody leaving takes others off the list as well.',
        hint: 'docs/gone.md#who-keeps-the-list',
      },
      {
        when: /^\w+ closed \d+/,
        means: 'The connection was closed, and the row is still there: nobody took it off the list.',
        hint: 'docs/gone.md#who-keeps-the-list',
      },
      {
        when: /nothing of the kind/,
        means: 'The door opened, but the client that came in was not put on the list.',
        hint: 'docs/gone.md#who-keeps-the-list',
      },
      ...refused,
    ],
  },
  {
    id: 'no-token-no-entry',
    says: 'Without a token nobody comes in',
    hint: 'docs/authentication.md#the-door',
    async probe(scene) {
      await staysOut(scene, 'brought no token')
      await staysOut(scene, 'brought an empty token', '')
    },
    diagnoses: [
      {
        when: /was answered with 101/,
        means: 'Nobody asked for a token: anyone who knows the address comes in.',
        where: { resource: 'AWS::ApiGatewayV2::Api' },
      },
      ...notRefused,
    ],
  },
  {
    id: 'forged-tokens-stay-out',
    says: 'A token that the pool has not signed opens nothing',
    hint: 'docs/authentication.md#decoding-is-not-verifying',
    after: ['the-signed-in-come-in', 'no-token-no-entry'],
    probe: scene =>
      withAccounts(scene, async ({ signIn }) => {
        const { idToken } = await signIn('ana')
        const { name } = await signIn('ben')
        // Somebody who exists: looking them up in the pool proves nothing about who is at the door.
        const asBen = { 'cognito:username': name, sub: scene.nonce() }

        await staysOut(scene, "wrote ben's name into ana's token", rewritten(idToken, asBen))
        await staysOut(scene, 'brought a token with alg: none', unsigned(idToken, asBen))
        await staysOut(scene, 'signed a token with a key of her own', signedByAStranger(idToken, asBen))
        await staysOut(scene, 'signed a token, and put the key in it', withItsOwnKey(idToken, asBen))
        for (const text of NO_TOKENS) await staysOut(scene, `brought ${JSON.stringify(text)}`, text)
      }),
    diagnoses: [
      {
        when: /was answered with 101/,
        means:
          'A token was believed that anybody could have written. What it says was read, but not who signed it.',
        where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
      },
      ...notRefused,
    ],
  },
  {
    id: 'other-tokens-stay-out',
    says: 'A token that is good elsewhere is no good here',
    hint: 'docs/authentication.md#good-for-what',
    after: ['the-signed-in-come-in', 'no-token-no-entry', 'forged-tokens-stay-out'],
    probe: scene =>
      withAccounts(scene, async ({ signIn, anotherClient, anotherPool }) => {
        const ana = await signIn('ana')
        const elsewhere = await signIn('mallory', await anotherPool())
        const otherwise = await signIn('mallory', await anotherClient())

        await staysOut(scene, 'brought the id token of another pool', elsewhere.idToken)
        await staysOut(scene, 'brought an id token for another client of the pool', otherwise.idToken)
        await staysOut(scene, "brought ana's access token instead of her id token", ana.accessToken)
      }),
    diagnoses: [
      {
        when: /was answered with 101/,
        means:
          'The token is genuine, and was not made for this room. A signature says who signed; whether it was meant for here is in the claims.',
        where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
      },
      ...notRefused,
    ],
  },
  {
    id: 'heard-under-their-own-name',
    says: 'Everybody is heard under the name they signed in with, whatever their message says',
    hint: 'docs/authentication.md#who-said-it',
    after: ['the-signed-in-come-in'],
    probe: scene =>
      withAccounts(scene, async ({ signIn }) => {
        const ana = await comesIn(scene, await signIn('ana'))
        await everybodyHears([ana], ana, scene.nonce())

        const ben = await comesIn(scene, await signIn('ben'))
        // A name beside the token, in the address, is no better than one in a message.
        const cyd = await comesIn(scene, await signIn('cyd'), claimed(ana.name))
        const everybody = [ana, ben, cyd]
        await everybodyHears(everybody, ben, scene.nonce())
        await everybodyHears(everybody, cyd, scene.nonce())
        await everybodyHears(everybody, ana, scene.nonce(), claimed(ben.name))
      }),
    diagnoses: [
      {
        when: /^\{(?!.*"from")/,
        means:
          'Something was heard, and nobody knows from whom: no name came with it. A client is not asked for its name when it speaks; it was asked at the door.',
        where: { resource: 'AWS::Lambda::Function', named: /send/i },
      },
      {
        when: /^\{.*"from"/,
        means: 'A message was heard under a name that is not that of the one who said it.',
        where: { resource: 'AWS::Lambda::Function', named: /send/i },
      },
      ...unanswered,
    ],
  },
  comesInByBrowser,
  {
    id: 'expired-tokens-stay-out',
    says: 'A token that has expired opens nothing any more',
    hint: 'docs/authentication.md#when-a-token-ends',
    after: ['the-signed-in-come-in', 'no-token-no-entry', 'forged-tokens-stay-out'],
    // The pool alone can sign a token, and it signs none for less than five minutes.
    needs: ['clock'],
    probe: scene =>
      withAccounts(scene, async ({ signIn }) => {
        const { idToken } = await signIn('ana')
        const { iat, exp } = claimsOf(idToken)

        scene.advanceClock((exp - iat) * 1000 + WELL_PAST)
        await staysOut(scene, "brought ana's token, when it had expired", idToken)

        // It is the token that is old: a user who signs in now comes in.
        await comesIn(scene, await signIn('ben'))
      }),
    diagnoses: [
      {
        when: /was answered with 101/,
        means: 'A token that once was good is good for ever: nobody looks at when it ends.',
        where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
      },
      ...notRefused,
      ...refused,
    ],
  },
  nothingMore,
]

async function everybodyHears(
  everybody: readonly Member[],
  speaker: Member,
  text: string,
  claims: Readonly<Record<string, string>> = {},
): Promise<void> {
  speaker.client.send({ action: 'sendMessage', text, ...claims })
  for (const { client } of everybody) await client.hears({ from: speaker.name, text })
  await speaker.client.hearsNothing(isGatewayError, { as: 'an error besides what was said' })
}
