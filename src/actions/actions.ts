import { readFileSync } from 'node:fs'

/** An action that IAM knows. */
export interface IamAction {
  /** `dynamodb:GetItem`. */
  readonly name: string
  /** `Read`, `Write`, `List`, `Tagging, Write`, `Permissions management, Write`. */
  readonly level: string
  /** ARNs of the types of resource that it is asked on, with placeholders: `arn:${Partition}:dynamodb:…:table/${TableName}`. */
  readonly resources: readonly string[]
}

/** What AWS's authorization reference lists, for some services: see `extract.mjs`. */
interface Listed {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly resources: Readonly<Record<string, string>>
        /** By access level and types of resource: `"Read: table"`. */
        readonly actions: Readonly<Record<string, string>>
      }
    >
  >
}

let read: ReadonlyMap<string, ReadonlyMap<string, IamAction>> | undefined

/** Every listed action, by service prefix (`dynamodb`) and by name in lower case, as IAM does not look at case. */
export function iamActions(): ReadonlyMap<string, ReadonlyMap<string, IamAction>> {
  read ??= new Map(
    Object.entries(listed().services).map(([service, { resources, actions }]) => [
      service,
      new Map(
        Object.entries(actions).flatMap(([group, names]) => {
          const [level = '', types = ''] = group.split(/: ?/)
          const arns = types.split(', ').flatMap(type => resources[type] ?? [])
          return names.split(' ').map(one => {
            const name = `${service}:${one}`
            return [name.toLowerCase(), { name, level, resources: arns }] as const
          })
        }),
      ),
    ]),
  )
  return read
}

const listed = (): Listed => JSON.parse(readFileSync(new URL('actions.json', import.meta.url), 'utf8'))
