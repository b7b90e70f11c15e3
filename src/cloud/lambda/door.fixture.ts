import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { buildDoor } from '../door/door.ts'
import type { lambdaForTests } from './lambda.fixture.ts'

/** A door before Lambda, for tests, and AWS's own clients that come in by it. */
export async function doorForTests({
  account,
  lambda,
  iam,
  sts,
}: Awaited<ReturnType<typeof lambdaForTests>>) {
  const faults: unknown[] = []
  const door = buildDoor({
    account,
    services: [lambda.service],
    findKey: sts.find,
    authorize: iam.authorize,
    withoutSignature: () => undefined,
    onFault: error => faults.push(error),
  })
  const server = http.createServer((request, response) => door.serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: LambdaClient[] = []

  return {
    /** What was the cloud's own fault. */
    faults,
    /** A client of the learner's, or of the owner of these keys. */
    client(
      credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } = sts.learner,
    ) {
      const client = new LambdaClient({ endpoint, region: account.region, credentials, maxAttempts: 1 })
      clients.push(client)
      return client
    },
    stop() {
      for (const client of clients) client.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
}
