import type { Diagnosis } from '#kit'
import { unanswered } from '../answers.ts'
import { failures } from '../meanings.ts'

const deployment = { resource: 'AWS::ApiGatewayV2::Deployment' }

/** The text comes back changed. The finding says how. */
const textChanged: Diagnosis = {
  when: /the text that was sent is among it, but (it came back [^;]+)/,
  means: 'An answer came, but its text has changed: $1.',
  where: { resource: 'AWS::Lambda::Function' },
}

/** The stage does not know the route. */
const notInTheSnapshot: Diagnosis = {
  when: /^\{"message": ?"Forbidden"/,
  means:
    'The stage does not know this action. A stage serves a deployment, and a deployment has what the API had when it was made: what CloudFormation makes later is not in it.',
  hint: 'docs/stages.md#a-deployment-is-a-snapshot',
  where: deployment,
}

/** The route has come, and what hands the answer on has not. */
const withoutResponse: Diagnosis = {
  when: /^silence\b/,
  means:
    'The route is there, and its function ends well, but nothing hands the answer on. A route response is part of a deployment too: one that CloudFormation makes later is not in it.',
  hint: 'docs/stages.md#a-deployment-is-a-snapshot',
  where: deployment,
}

/** A deployment closes no connection. */
const closed: Diagnosis = {
  when: /^silence; the connection was closed/,
  means:
    'The connection was closed while the client waited. A new deployment closes none: they end when their API or their stage is deleted, and so when a release replaces one of these.',
  hint: 'docs/stages.md#a-second-release',
  where: { resource: 'AWS::ApiGatewayV2::Api' },
}

/** The id is that of another connection. */
const notItsOwn: Diagnosis = {
  when: /^under the id that it was told|^it was told [\w-]+=$/,
  means:
    'The id comes from the memory of an instance, from another event. Each event says from which connection it comes.',
  hint: 'docs/routes.md#what-a-function-keeps',
  where: { resource: 'AWS::Lambda::Function' },
}

/** What it can mean that a stage does not answer as its first release does. */
export const notAnswered: readonly Diagnosis[] = [
  textChanged,
  closed,
  notItsOwn,
  notInTheSnapshot,
  {
    when: /^release 2 answered|^\{"letters":|^ana, once more, heard \{"letters"/,
    means: 'The stage has release 2, and nobody has released it there: the context says release 1.',
  },
  ...unanswered.filter(({ when }) => !when?.test('silence')),
  withoutResponse,
]

/** What it can mean that a release does not reach its stage. */
export const notReleased: readonly Diagnosis[] = [
  {
    when: /^release 1 answered/,
    means:
      'The template has changed, and the stage still serves the old deployment. CloudFormation makes a deployment once: as long as its logical id and its properties stay the same, it leaves it as it is.',
    hint: 'docs/stages.md#a-second-release',
    where: deployment,
  },
  { ...notInTheSnapshot, hint: 'docs/stages.md#a-second-release' },
  ...notAnswered,
]

/** What it can mean that a release reaches another stage. */
export const notApart: readonly Diagnosis[] = [
  {
    when: /^release 2 answered|^\{"letters":/,
    means:
      'The release was for preview, and live has it too. Either both stages serve the same deployment, or live was given a new one as well, or live follows every change of the API by itself.',
    hint: 'docs/stages.md#one-api-two-stages',
    where: { resource: 'AWS::ApiGatewayV2::Stage', named: /live/i },
  },
  ...failures,
  {
    when: /^\{"message": ?"Internal server error"/,
    means:
      'What live serves calls a function that is not there any more, or that it may not call any more. A stage needs the functions of its deployment as long as it serves that deployment.',
    hint: 'docs/stages.md#one-api-two-stages',
    where: { resource: 'AWS::Lambda::Function' },
  },
  ...notReleased,
]
