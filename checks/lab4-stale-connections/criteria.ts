import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { type Client, type Criterion, type Diagnosis, type Scene, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { linesWith } from '../function-logs.ts'
import { isGatewayError } from '../gateway-error.ts'
import { refused } from '../handshake.ts'
import { rows } from '../rows.ts'
import { expiresAfter, timeToLive } from './expiry.ts'
import { earlyLike, leaveGhosts, surroundWithGhosts } from './ghosts.ts'
import { areListed, type Guest, guest, listed, place } from './list.ts'
import { memoryGrowth } from './memory.ts'
import { nothingMoreIsAllowed } from './out-of-bounds.ts'
import { slowReader } from './slow-reader.ts'

const HOUR = 60 * 60
/** No connection lives longer, in seconds (facts: A36). */
const LONGEST_LIFE = 2 * HOUR
/** A row that stays longer than this after it was written is as good as one that stays, in seconds: a day and a little. */
const LONGEST_STAY = 25 * HOUR
/** A connection without a message is closed after this, in milliseconds (facts: A35). */
const IDLE = 10 * 60_000

/** As many rows as the list is to hold in the check. */
const MANY = 1_200
/** What each of them carries besides, so that they do not fit into the megabyte that one answer holds. */
const LUGGAGE = { luggage: { S: 'x'.repeat(1_200) } }
/** How long the round of a long list may take, in milliseconds: as long as API Gateway waits for a function (facts: C15). */
const LONG_ROUND = 29_000
/**
 * By how much the memory of a function may grow over a long list, in megabytes. Measured with 1,200 rows and 30,000
 * characters, and a machine that had more to do: twenty posts at a time 42 to 52, a hundred 69, all of them 108 to 124.
 */
const MOST_GROWTH = 85

/** What a function that could not be allowed to do its work says of itself. */
const notAllowed: Diagnosis = {
  when: /not authorized to perform: (\S+) on resource: (\S+)/,
  means: 'A function asked for $1, and its role does not allow that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** What lab 4 promises: a room that works, then one that goes on working when the list is not true. */
export const criteria: readonly Criterion[] = [
  {
    id: 'door-opens',
    says: 'A client can walk in, and is written on the list',
    hint: 'docs/handshake.md',
    async probe(scene) {
      await guest(scene, 'ana')
    },
    diagnoses: refused,
  },
  {
    id: 'leaving-takes-you-off-the-list',
    says: 'A client that leaves is taken off the list, and nobody else is',
    hint: 'docs/gone.md#who-keeps-the-list',
    after: ['door-opens'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const ben = await guest(scene, 'ben')

      await ben.client.leave()
      await areForgotten(scene, [ben.id], 'the row of ben, who left, to be gone from the table')
      await areListed(scene, [ana])
    },
    diagnoses: [
      notAllowed,
      {
        when: /^nothing of the kind/,
        means:
          'The connection was closed, and the row is still there. That $disconnect may not come is no reason not to use it when it does.',
      },
      { means: 'Somebody leaving takes others off the list as well.' },
    ],
  },
  {
    id: 'everybody-hears',
    says: 'What one client says, every client hears, and hears once',
    hint: 'docs/stale-connections.md#one-post-for-each',
    after: ['door-opens'],
    async probe({ connect, nonce }) {
      const ana = await connect('ana')
      const ben = await connect('ben')
      await everybodyHears([ana, ben], ana, nonce())
      // A list that was read once and kept knows nobody who comes later.
      const cyd = await connect('cyd')
      await everybodyHears([ana, ben, cyd], ben, nonce())
      await ana.hearsNothing(isGatewayError, { as: 'an error besides what was said' })
    },
    diagnoses: unanswered,
  },
  {
    id: 'the-gone-do-no-harm',
    says: 'Wherever closed connections stand on the list, those who are there hear everything, and hear it once',
    hint: 'docs/stale-connections.md#the-first-410',
    after: ['everybody-hears'],
    async probe(scene) {
      const guests = [
        await guest(scene, 'ana'),
        await guest(scene, 'ben'),
        await guest(scene, 'cyd'),
      ] as const
      const [ana, ben, cyd] = [guests[0].client, guests[1].client, guests[2].client]
      await surroundWithGhosts(scene, guests)

      await everybodyHears([ana, ben, cyd], ana, scene.nonce())
      await ana.hearsNothing(isGatewayError, { as: 'an error besides what was said' })
    },
    diagnoses: [
      notAllowed,
      {
        when: /GoneException/,
        means:
          'Posting to somebody who has left is answered with 410 GoneException. Here that ended the round, and everybody after them on the list heard nothing.',
        where: 'the-function-that-said-it',
      },
      {
        when: /^[\w ]+ heard /,
        means: 'Somebody was told the same thing more than once.',
        hint: 'docs/stale-connections.md#one-post-for-each',
      },
      {
        means:
          'With rows of people who are gone on the list, those who stayed no longer hear everything. Look at what happens to the rest of the list when posting to one of them fails.',
      },
    ],
  },
  {
    id: 'the-gone-are-forgotten',
    says: 'A client that turns out to be gone is taken off the list, and nobody else is',
    hint: 'docs/stale-connections.md#taking-closed-connections-off-the-list',
    after: ['the-gone-do-no-harm'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const ben = await guest(scene, 'ben')
      const everybody = [ana.client, ben.client]
      const ghosts = await leaveGhosts(scene, ana, 5)
      scene.did('the check left 5 rows of nobody')

      await everybodyHears(everybody, ana.client, scene.nonce())
      await areForgotten(scene, ghosts, 'the rows of those who were gone to be gone from the table')
      await areListed(scene, [ana, ben])
      await everybodyHears(everybody, ben.client, scene.nonce())
      await areListed(scene, [ana, ben])
    },
    diagnoses: [
      notAllowed,
      {
        when: /is gone$|^silence/,
        means:
          'Somebody who is still there was taken off the list. 410 is about one connection: that row, and no other.',
      },
      {
        means:
          'They were posted to, and it was found that they are gone. Nobody has taken them off the list: they will be posted to for ever.',
      },
    ],
  },
  {
    id: 'other-failures-are-no-goodbye',
    says: 'A failure that is not 410 is noted, takes nobody off the list, and keeps nobody else from hearing',
    hint: 'docs/stale-connections.md#a-failure-that-is-no-goodbye',
    after: ['the-gone-are-forgotten'],
    async probe(scene) {
      const slow = await slowReader(scene, 'dan')
      try {
        const others = await othersAround(scene, slow.id)
        const [speaker] = others
        const known = new Set(await failureLines(scene))

        await everybodyHears(others, speaker, scene.nonce())

        await scene.eventually('the failure to tell dan in the log, by its name', async () =>
          (await failureLines(scene)).find(line => !known.has(line)),
        )
        await speaker.hearsNothing(isGatewayError, { as: 'an error: what was said was passed on' })
        if ((await listed(scene, [slow.id])).length === 0) {
          throw new Unmet({
            expected: 'the row of dan, who is still there, to stay in the table',
            observed: 'the row of dan is gone',
          })
        }
        await slow.readsOn()
        const text = scene.nonce()
        await everybodyHears(others, speaker, text)
        await slow.hears(text)
      } finally {
        slow.leave()
      }
    },
    diagnoses: [
      {
        when: /the row of dan is gone/,
        means:
          'dan is slow, not gone: their connection is open. Any failure was taken for a goodbye, and now dan will hear nothing ever again.',
      },
      {
        when: /"message": ?"Internal server error"/,
        means:
          'That dan could not be told ended the whole round, or was held against the one who spoke. What was said can still be passed on to everybody else.',
        where: 'the-function-that-said-it',
      },
      {
        when: /^nothing of the kind/,
        means:
          'Posting to dan was refused with LimitExceededException, and nobody will ever know: the failure was caught and dropped.',
        hint: 'docs/stale-connections.md#a-failure-that-is-no-goodbye',
      },
      {
        means: 'One of them could not be told, and so others were not told either.',
      },
    ],
  },
  {
    id: 'rows-expire',
    says: 'Every row expires, but not before its connection can have ended',
    hint: 'docs/stale-connections.md#rows-that-expire',
    after: ['door-opens'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const attribute = await timeToLive(scene)
      const seconds = await expiresAfter(scene, ana, attribute)
      if (seconds >= LONGEST_LIFE && seconds <= LONGEST_STAY) return
      throw new Unmet({
        expected: `${attribute} to be at least 2 hours after ana connected, and a day at most, in seconds since 1970`,
        observed: `it is ${inWords(seconds)} after that`,
      })
    },
    diagnoses: [
      {
        when: /it is DISABLED/,
        means: 'A row stays until somebody deletes it, and $disconnect is not certain to come.',
        where: { resource: 'AWS::DynamoDB::Table' },
      },
      {
        when: /it is \d{2},\d{3},\d{3} days/,
        means: 'That is the right number for milliseconds. DynamoDB counts in seconds.',
      },
      {
        when: /it is -?\d+ minutes/,
        means:
          'A connection may live for two hours. This row goes while the client is still there, and from then on they hear nothing.',
      },
      {
        when: /the row: /,
        means:
          'The table knows by which attribute its rows expire. This row does not have it, or not as a number, and so will never expire.',
      },
      { means: 'No connection lives that long: for most of that time the row is of nobody.' },
    ],
  },
  {
    id: 'comings-and-goings-are-noted',
    says: 'What happens to a connection is noted, and how it ended',
    hint: 'docs/stale-connections.md#four-events',
    after: ['door-opens'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const ben = await guest(scene, 'ben')
      const cyd = await guest(scene, 'cyd')

      ana.client.send({ action: 'sendMessage', text: scene.nonce() })
      ana.client.send('still here')
      await ana.client.leave()
      await ben.client.leave(1001)
      await hangUp(scene, cyd)

      for (const words of ['$connect', 'sendMessage', '$default']) await isNoted(scene, ana, [words])
      await isNoted(scene, ana, ['$disconnect', '1005', 'Client-side close frame status not set'])
      await isNoted(scene, ben, ['$disconnect', '1001'])
      await isNoted(scene, cyd, ['$disconnect', '1000', 'Connection Closed Normally'])
    },
    diagnoses: [
      notAllowed,
      {
        means:
          'An event that nobody notes leaves no trace. The starter notes all four of them, one line each, with disconnectStatusCode and disconnectReason where there are any.',
      },
    ],
  },
  {
    id: 'nothing-more',
    says: 'And nothing more: no function may touch what is not its own',
    hint: 'docs/permissions.md#and-nothing-more',
    probe: nothingMoreIsAllowed,
    diagnoses: [
      {
        when: /is allowed execute-api/,
        means:
          'This role could post to, or hang up on, the clients of other APIs in the account. It needs the connections of its own.',
      },
      {
        when: /is allowed dynamodb.* on \S+table\/another-/,
        means: 'This role could read or write tables that are none of its business.',
      },
      {
        means:
          'This role could do away with the table, or change it. A function needs its rows, never the table itself.',
      },
    ],
  },
  {
    id: 'the-list-is-read-to-its-end',
    says: 'With 1,200 rows on the list, everybody who is there hears, and hears once',
    hint: 'docs/stale-connections.md#a-page-at-a-time',
    // It takes longest: everything that can be known without it comes first.
    after: ['other-failures-are-no-goodbye', 'rows-expire', 'comings-and-goings-are-noted', 'nothing-more'],
    async probe(scene) {
      const guests: Guest[] = []
      for (const name of ['ana', 'ben', 'cyd', 'dan', 'eve']) guests.push(await guest(scene, name))
      const [ana] = guests as [Guest, ...Guest[]]
      await leaveGhosts(scene, ana, MANY, { luggage: LUGGAGE, madeUp: earlyLike })
      scene.did('the check left 1,200 rows of nobody')
      // Where on the list a row comes to stand nobody can choose: more come, until somebody is not on its first page.
      while (await areAllOnTheFirstPage(scene, guests))
        guests.push(await guest(scene, `guest ${guests.length + 1}`))

      const text = `${scene.nonce()} ${'and so on '.repeat(3_000)}`
      await everybodyHears(
        guests.map(one => one.client),
        ana.client,
        text,
        LONG_ROUND,
      )
    },
    diagnoses: [
      notAllowed,
      {
        when: /Task timed out after ([\d.]+)/,
        means: 'The function was still at it after $1 seconds, and was stopped.',
        where: 'the-function-that-said-it',
      },
      {
        when: /^[\w ]+ heard /,
        means: 'Somebody was told the same thing more than once.',
        hint: 'docs/stale-connections.md#one-post-for-each',
      },
      {
        means:
          'Some heard it and some did not, and all are on the list. One answer of DynamoDB holds one megabyte of it at most.',
      },
    ],
  },
  {
    id: 'few-at-a-time',
    says: 'However long the list, only so many are told at a time',
    hint: 'docs/stale-connections.md#few-at-a-time',
    after: ['the-list-is-read-to-its-end'],
    async probe(scene) {
      scene.did(
        'the check read in the log how much memory the functions needed for the 1,200 rows, and before',
      )
      // How many posts are under way nobody can see from outside; what they need to be under way is in Lambda's reports.
      const growth = await memoryGrowth(scene)
      if (growth <= MOST_GROWTH) return
      throw new Unmet({
        expected: `the memory of a function to grow by ${MOST_GROWTH} MB at most`,
        observed: `it grew by ${growth} MB`,
      })
    },
    diagnoses: [
      {
        means:
          'A post that waits for its turn is already in memory, with its message. The longer the list, the more the function needs, until it has none left.',
      },
    ],
  },
  {
    id: 'the-idle-are-noted',
    says: 'Ten minutes of silence end a connection with 1001, and that is noted as well',
    hint: 'docs/stale-connections.md#four-events',
    after: ['comings-and-goings-are-noted'],
    needs: ['clock'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      scene.advanceClock(IDLE + 1_000)
      await ana.client.isClosed({ code: 1001 })
      await isNoted(scene, ana, ['$disconnect', '1001', 'Going away'])
    },
  },
  {
    id: 'expired-rows-go',
    says: 'A row that nobody deletes is there until its time has come, and then no longer',
    hint: 'docs/stale-connections.md#rows-that-expire',
    after: ['rows-expire'],
    needs: ['clock'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const seconds = await expiresAfter(scene, ana, await timeToLive(scene))
      const ghosts = await leaveGhosts(scene, ana, 3)
      scene.did('the check left 3 rows of nobody')

      scene.advanceClock((seconds - 60) * 1_000)
      await areForgotten(scene, [ana.id], 'the row of ana, whose connection has ended by now, to be gone')
      if ((await listed(scene, ghosts)).length < ghosts.length) {
        throw new Unmet({ expected: 'rows to stay until their time has come', observed: 'they are gone' })
      }
      scene.advanceClock(2 * 60_000)
      await areForgotten(scene, ghosts, 'rows whose time has come to be gone from the table')
    },
  },
]

async function everybodyHears(
  everybody: readonly Client[],
  speaker: Client,
  text: string,
  within?: number,
): Promise<void> {
  speaker.send({ action: 'sendMessage', text })
  const as = text.length > 20 ? 'the long message' : undefined
  for (const client of everybody)
    await client.hears({ text }, { ...(as && { as }), ...(within && { within }) })
  await Promise.all(
    everybody.map(client => client.hearsNothing({ text }, { as: `${as ?? text} a second time` })),
  )
}

async function areForgotten(scene: Scene, ids: readonly string[], expected: string): Promise<void> {
  await scene.eventually(expected, async () => (await listed(scene, ids)).length === 0 || undefined)
}

/** Enough people that one of them comes after somebody on the list: a round that fails keeps only those from hearing. */
async function othersAround(scene: Scene, id: string): Promise<[Client, ...Client[]]> {
  const first = await guest(scene, 'ana')
  const others: [Client, ...Client[]] = [first.client]
  let isBehind = false
  while (!isBehind && others.length < 20) {
    const other = await guest(scene, `guest ${others.length + 1}`)
    others.push(other.client)
    const list = await rows(scene)
    isBehind = [first, other].some(one => place(list, one.id) > place(list, id))
  }
  return others
}

/** Whether one answer of DynamoDB holds them all. */
async function areAllOnTheFirstPage(scene: Scene, guests: readonly Guest[]): Promise<boolean> {
  if (guests.length >= 40) throw new Error('However many came, they were all on the first page of the list.')
  const { Items = [], LastEvaluatedKey } = await scene
    .aws(DynamoDBClient)
    .send(new ScanCommand({ TableName: scene.output('TableName'), ConsistentRead: true }))
  if (!LastEvaluatedKey) throw new Error('The 1,200 rows fit on one page.')
  return guests.every(({ id }) => place(Items, id) >= 0)
}

/** The log lines by which a failure to post to somebody slow can be seen. */
const failureLines = async (scene: Scene): Promise<string[]> =>
  (await linesWith(scene, '')).filter(line => /\bERROR\b|\bWARN\b|LimitExceeded|buffer is full/.test(line))

/** Ends a connection from this side, as a function of the stack could. */
async function hangUp(scene: Scene, { client, id }: Guest): Promise<void> {
  scene.did(`the check deleted the connection of ${client.name}`)
  await scene
    .aws(ApiGatewayManagementApiClient, { endpoint: scene.callbackUrl })
    .send(new DeleteConnectionCommand({ ConnectionId: id }))
  await client.isClosed()
}

/** Holds when one line of the log has a connection's id and all of the words. Throws `Unmet`. */
async function isNoted(scene: Scene, { client, id }: Guest, words: readonly string[]): Promise<void> {
  await scene.eventually(
    `a line with the id of ${client.name} in the log, and ${words.join(', ')}`,
    async () => (await linesWith(scene, id)).find(line => words.every(word => line.includes(word))),
  )
}

/** `90 minutes`, `26 hours`, `365 days`. */
function inWords(seconds: number): string {
  if (seconds < LONGEST_LIFE) return `${Math.round(seconds / 60)} minutes`
  if (seconds < 48 * HOUR) return `${Math.round(seconds / HOUR)} hours`
  return `${Math.round(seconds / HOUR / 24).toLocaleString('en')} days`
}
