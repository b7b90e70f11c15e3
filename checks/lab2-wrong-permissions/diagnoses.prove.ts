import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Finding } from '#kit'
import { lab2 } from '../../labs/lab2-wrong-permissions/lab.ts'
import { startGuardian } from '../../src/cloud/guardian.ts'
import { baseOf } from '../../src/fixes/lay-out.ts'
import { writeTree } from '../../src/fixes/tree.ts'
import { check } from '../../src/run/check.ts'
import { sharedAssembler } from '../../src/run/shared-assembler.ts'
import { workspace } from '../../src/run/workspace.ts'
import { localTarget } from '../../src/targets/local.ts'

/** A mistake in the solution, and what the check must say of it. */
interface Mistake {
  readonly title: string
  /** What is replaced in a file, and by what. */
  readonly in: Readonly<Record<string, readonly (readonly [string, string])[]>>
  readonly at: string
  readonly means: RegExp
  /** The code on the line to which `where` points. */
  readonly where?: string
}

const STACK = 'stack.ts'
const SAY = 'handlers/sendMessage.ts'
const TELL = 'await Promise.all(people.map(person => tell(person.connectionId, { text })))'
const READ = '    connections.grantReadData(sendMessage)\n'
const FUNCTION = "const sendMessage = this.handler('sendMessage')"
const IAM = [
  "from 'aws-cdk-lib/aws-lambda'\n",
  "from 'aws-cdk-lib/aws-lambda'\nimport { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'\n",
] as const
const forbids = (actions: string) =>
  `    sendMessage.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ${actions}, resources: ['*'] }))\n`

const mistakes: readonly Mistake[] = [
  {
    title: 'an explicit Deny beside the grant',
    in: { [STACK]: [IAM, [READ, `${READ}${forbids("['dynamodb:Scan']")}`]] },
    at: 'everybody-hears',
    means: /forbids dynamodb:Scan .*the effect Deny/,
    where: FUNCTION,
  },
  {
    title: 'a handler that never ends',
    in: {
      [SAY]: [[TELL, `${TELL}\n  await new Promise(resolve => setTimeout(resolve, 60_000))`]],
      [STACK]: [['Duration.seconds(10)', 'Duration.seconds(1)']],
    },
    at: 'everybody-hears',
    means: /had not finished after 1\.00 seconds/,
    where: FUNCTION,
  },
  {
    title: 'a role that may not log, so that a failure leaves no line',
    in: { [STACK]: [IAM, [READ, forbids("['logs:*']")]] },
    at: 'everybody-hears',
    means: /role does not let it write its log/,
  },
  {
    title: "a connection closed by one's own code",
    in: {
      [SAY]: [
        [
          '  ApiGatewayManagementApiClient,\n',
          '  ApiGatewayManagementApiClient,\n  DeleteConnectionCommand,\n',
        ],
        [
          TELL,
          `${TELL}\n  await management.send(new DeleteConnectionCommand({ ConnectionId: event.requestContext.connectionId }))`,
        ],
      ],
    },
    at: 'everybody-hears',
    means: /The client did not close it/,
  },
  {
    title: 'a row under another key',
    in: {
      'handlers/connect.ts': [
        [
          'const { connectionId } = event.requestContext',
          'const connectionId = event.requestContext.requestId',
        ],
      ],
    },
    at: 'leaving-takes-you-off-the-list',
    means: /by the key under which it was written/,
  },
  {
    title: 'an environment variable that the stack does not set',
    in: {
      [STACK]: [
        [
          'for (const handler of [connect, disconnect, sendMessage])',
          'for (const handler of [connect, disconnect])',
        ],
      ],
    },
    at: 'everybody-hears',
    means: /environment variable/,
    where: FUNCTION,
  },
  {
    title: 'a throttle that is too tight',
    in: {
      [STACK]: [
        ['import { WebSocketApi,', 'import { CfnStage, WebSocketApi,'],
        ["api.addRoute('sendMessage'", "const say = api.addRoute('sendMessage'"],
        [
          '    for (const handler of',
          `    live.node.addDependency(say)
    const stage = live.node.defaultChild as CfnStage
    stage.routeSettings = { sendMessage: { ThrottlingRateLimit: 0.2, ThrottlingBurstLimit: 2 } }
    for (const handler of`,
        ],
      ],
    },
    at: 'everybody-hears',
    means: /throttle turned it away/,
    where: 'new WebSocketStage(',
  },
  {
    title: 'a row that is never written',
    in: {
      'handlers/connect.ts': [
        ['await dynamodb.send(', 'if (connectionId === undefined) await dynamodb.send('],
      ],
    },
    at: 'door-opens',
    means: /let in, and no row appeared/,
  },
]

const guardian = startGuardian()
const shelf = workspace(guardian, 'lab2-diagnoses')
const choices = mistakes.map(({ title }, at) => ({
  kind: 'from' as const,
  directory: join(shelf, String(at)),
  given: title,
}))
const assembler = sharedAssembler(lab2, choices, guardian)
afterAll(async () => {
  assembler.stop()
  await guardian.stop()
})

test.each(mistakes.map((mistake, at) => [mistake.title, mistake, choices[at]!] as const))(
  'the check says what it means, and where: %s',
  async (_, mistake, choice) => {
    const tree = new Map(await baseOf(lab2, 'solution'))
    for (const [file, replacements] of Object.entries(mistake.in)) {
      for (const [was, is] of replacements) {
        expect(tree.get(file), `${file} has it`).toContain(was)
        tree.set(
          file,
          tree.get(file)!.replace(was, () => is),
        )
      }
    }
    writeTree(tree, choice.directory)

    const { id, means, where } = await firstBroken(choice)
    expect({ id, means }).toEqual({ id: mistake.at, means: expect.stringMatching(mistake.means) })
    if (mistake.where === undefined) return
    const line = Number(/stack\.ts:(\d+)$/.exec(where ?? '')?.[1])
    expect(tree.get(STACK)!.split('\n')[line - 1], where).toContain(mistake.where)
  },
)

async function firstBroken(choice: (typeof choices)[number]): Promise<Partial<Finding>> {
  const target = await localTarget(guardian)
  const course = check(lab2, choice, target, guardian, assembler)
  try {
    for (;;) {
      const { done, value } = await course.next()
      if (done) return {}
      if (value.verdict === 'pass' || value.verdict === 'skipped') continue
      await course.return(undefined as never)
      return value
    }
  } finally {
    await target.stop()
  }
}
