import type { Directory } from './protocol.ts'

/** The one that asks IAM: a function, a person, a service, or another role. */
export type Asker =
  | { readonly kind: 'function'; readonly functionName: string; readonly role: string }
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'role'; readonly role: string }

/** Understands a principal as events have it. Lambda names a function's session after the function. */
export function askerOf(principal: string, directory: Directory): Asker {
  const session = /:assumed-role\/([^/]+)\/(.+)$/.exec(principal)
  if (session) {
    const [, role = '', functionName = ''] = session
    return functionName in directory.names ? { kind: 'function', functionName, role } : { kind: 'role', role }
  }
  const service = /^([\w-]+)\.amazonaws\.com$/.exec(principal)?.[1]
  if (service) return { kind: 'service', name: service }
  return { kind: 'person', name: principal.split('/').at(-1) ?? principal }
}

/** What a physical name is called in the learner's code; the name itself where nobody knows. */
export const shortName = (physical: string, directory: Directory): string =>
  directory.names[physical] ?? physical

/** The part of an ARN that people look at: `table/Connections`, `POST/@connections/abc`. */
export function shortArn(arn: string, directory: Directory): string {
  const [, , , , , ...rest] = arn.split(':')
  const tail = rest.join(':')
  if (!arn.startsWith('arn:') || tail === '') return arn
  return tail
    .split(/([/:])/)
    .map(part => shortName(part, directory))
    .join('')
}

/** The function that writes to a log group, by its physical name. */
export const functionOfLog = (logGroup: string, directory: Directory): string | undefined =>
  directory.logGroups[logGroup] ?? /^\/aws\/lambda\/(.+)$/.exec(logGroup)?.[1]
