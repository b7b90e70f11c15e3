import {
  ApiGatewayV2Client,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Scene } from '#kit'
import { type Doors, dev, prod } from './people.ts'

/** An API of the stack, as API Gateway has it. */
export interface Api {
  readonly id: string
  readonly stages: readonly string[]
  /** Whether anybody may connect. */
  readonly isOpen: boolean
  /** Whether every route for messages sends back what its function returns. */
  readonly answers: boolean
  /** The ARNs of the roles of the functions behind its routes for messages. */
  readonly roles: readonly string[]
}

/** Which of a stack's APIs belong to which stage. */
export interface Apis {
  readonly dev: readonly Api[]
  readonly prod: readonly Api[]
  /** The stages' names. */
  readonly name: { readonly dev: string; readonly prod: string }
  readonly all: readonly Api[]
}

/** Reads the APIs of the stack. They are told by the stages' names, as the outputs `Url` and `DevUrl` have them. */
export async function apisOf(scene: Scene): Promise<Apis> {
  const roleOf = rolesByFunction(scene)
  const all = await Promise.all(
    scene.resources('AWS::ApiGatewayV2::Api').map(({ physicalId }) => apiOf(scene, physicalId, roleOf)),
  )
  const name = { dev: stageIn(scene, dev), prod: stageIn(scene, prod) }
  const of = (stage: string) => all.filter(({ stages }) => stages.includes(stage))
  return { all, name, dev: of(name.dev), prod: of(name.prod) }
}

async function apiOf(
  scene: Scene,
  ApiId: string,
  roleOf: (functionArn: string) => Promise<string>,
): Promise<Api> {
  const gateway = scene.aws(ApiGatewayV2Client)
  const all = { ApiId, MaxResults: '500' }
  const [{ Items: stages = [] }, { Items: routes = [] }, { Items: integrations = [] }] = await Promise.all([
    gateway.send(new GetStagesCommand(all)),
    gateway.send(new GetRoutesCommand(all)),
    gateway.send(new GetIntegrationsCommand(all)),
  ])
  const door = routes.find(({ RouteKey }) => RouteKey === '$connect')
  const messages = routes.filter(({ RouteKey }) => RouteKey !== '$connect' && RouteKey !== '$disconnect')
  const uris = messages.flatMap(({ Target }) =>
    integrations
      .filter(({ IntegrationId }) => Target?.endsWith(`/${IntegrationId}`))
      .map(({ IntegrationUri }) => IntegrationUri ?? ''),
  )
  const functions = uris.flatMap(uri => /functions\/(arn:[^/]+)\/invocations/.exec(uri)?.[1] ?? [])
  return {
    id: ApiId,
    stages: stages.map(({ StageName }) => StageName ?? ''),
    isOpen: (door?.AuthorizationType ?? 'NONE') === 'NONE',
    answers: messages.length > 0 && messages.every(route => route.RouteResponseSelectionExpression),
    roles: await Promise.all([...new Set(functions)].map(roleOf)),
  }
}

function rolesByFunction(scene: Scene) {
  const lambda = scene.aws(LambdaClient)
  return async (FunctionName: string) =>
    (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).Role ?? ''
}

const stageIn = (scene: Scene, { url }: Doors): string =>
  scene.output(url).replace(/\/$/, '').split('/').at(-1)!
