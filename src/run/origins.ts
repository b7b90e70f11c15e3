import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Origin } from '#kit'
import { codeLinesIn } from './paths.ts'
import type { Source } from './source.ts'
import { statementLinesIn } from './statement-lines.ts'

interface Entry {
  readonly type: string
  readonly data?: unknown
}

/** Reads from a cloud assembly which line of the learner's code made which resource. CDK notes it for every resource. */
export async function originsIn(outdir: string, stackName: string, source: Source): Promise<Origin[]> {
  const artifact = (await json(join(outdir, 'manifest.json'))).artifacts[stackName]
  const template = await json(join(outdir, artifact.properties.templateFile))
  const metadata: Record<string, Entry[]> = artifact.additionalMetadataFile
    ? await json(join(outdir, artifact.additionalMetadataFile))
    : (artifact.metadata ?? {})

  const policies = await statementLinesIn(outdir, template.Resources ?? {}, source)

  const made = Object.entries(metadata).flatMap(([path, entries]) => {
    const logicalId = entries.find(entry => entry.type === 'aws:cdk:logicalId')?.data
    const resource = typeof logicalId === 'string' ? template.Resources?.[logicalId] : undefined
    if (typeof logicalId !== 'string' || !resource) return []
    const stack = entries.find(entry => entry.type === 'aws:cdk:creationStack')?.data
    const lines = Array.isArray(stack) ? codeLinesIn(stack.join('\n'), source) : []
    return [{ logicalId, type: String(resource.Type), path: path.replace(/^\//, ''), lines, resource }]
  })

  return made.map(({ logicalId, type, path, lines, resource }) => {
    // Where a method of the learner's makes several of a kind, the line that calls it tells them apart; where a construct
    // of theirs is made several times, the line in it that is shared with its doubles only. The innermost of the best.
    const others = made.filter(one => one.type === type && one.logicalId !== logicalId)
    const sharers = (candidate: string) => others.filter(one => one.lines.includes(candidate)).length
    const [line] = lines.toSorted((a, b) => sharers(a) - sharers(b))
    const logGroup = resource.Properties?.LoggingConfig?.LogGroup?.Ref
    const addressForClients = variableWithAddress(resource, template.Resources)
    const granted = policies.get(logicalId)
    return {
      logicalId,
      type,
      path,
      ...(line ? { line } : {}),
      ...(logGroup ? { logGroup: String(logGroup) } : {}),
      ...(addressForClients ? { addressForClients } : {}),
      ...(granted ? { policies: granted } : {}),
    }
  })
}

const json = async (file: string): Promise<any> => JSON.parse(await readFile(file, 'utf8'))

/** The environment variable of a function whose value is an address for clients, if there is one. */
function variableWithAddress({ Properties = {} }: any, resources: Record<string, any>): string | undefined {
  const variables: Record<string, unknown> = Properties.Environment?.Variables ?? {}
  return Object.keys(variables).find(name => isForClients(variables[name], resources))
}

/** Whether a value begins with `wss://`: as a text, as the first piece of a joined one, or because it is an API's own endpoint. */
function isForClients(value: any, resources: Record<string, any>): boolean {
  if (typeof value === 'string') return value.startsWith('wss://')
  const [first] = value?.['Fn::Join']?.[1] ?? []
  if (first !== undefined) return isForClients(first, resources)
  const [api, attribute] = value?.['Fn::GetAtt'] ?? []
  return attribute === 'ApiEndpoint' && resources[api]?.Properties?.ProtocolType === 'WEBSOCKET'
}
