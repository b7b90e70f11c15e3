import { awkward, type Criterion } from '#kit'
import { withAccounts } from '../accounts.ts'

/** What a page does that has a token. It knows no more of how it went than a browser tells. */
const PAGE = `
  const given = new URLSearchParams(location.search)
  const socket = new WebSocket(given.get('room') + '?' + new URLSearchParams({ token: given.get('token') }))
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ action: 'sendMessage', text: given.get('text') }))
  })
  socket.addEventListener('close', ({ code }) => console.log('the connection was closed with ' + code))
`

/** A browser is another client than all the others: it sends an Origin, and no headers of anybody's choosing. */
export const comesInByBrowser: Criterion = {
  id: 'a-browser-comes-in',
  says: 'A page in a browser can connect as well, and is heard under the name it signed in with',
  hint: 'docs/authentication.md#where-the-token-travels',
  after: ['the-signed-in-come-in', 'heard-under-their-own-name'],
  needs: ['browser'],
  probe: scene =>
    withAccounts(scene, async ({ signIn }) => {
      const { name, idToken } = await signIn('ana')
      const text = awkward({ short: true })
      const page = await scene.page('ana', {
        script: PAGE,
        query: { room: scene.output('Url'), token: idToken, text },
      })
      await page.hears({ from: name, text })
    }),
  diagnoses: [
    {
      when: /Unexpected response code: (\d+)/,
      means:
        'The same token works for a client that is no browser, and the page was refused with $1. The page itself sees only 1006. A browser also sends its Origin, and it cannot send other headers.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /the connection was closed with 1006/,
      means:
        'The connection did not open, or did not last. A browser says only 1006. A client that is no browser can connect.',
    },
    {
      means: 'The page came in, and did not hear what it said under the name it signed in with.',
      hint: 'docs/authentication.md#who-said-it',
    },
  ],
}
