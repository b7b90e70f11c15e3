import type { Account } from '../account.ts'
import type { Objects, ResourceType } from './resource.ts'
import type { Template } from './template.ts'

/** One thing that cannot be run here. */
export interface Refusal {
  /** What falls with it. An image is only an asset: the resource made from it is refused by itself. */
  readonly kind: 'stack' | 'parameter' | 'resource' | 'output' | 'image'
  readonly stackName: string
  /** A resource's, a parameter's or an output's. */
  readonly logicalId?: string
  readonly type?: string
  /** The property, attribute or setting; without it the type as such. */
  readonly what?: string
  /** AWS refuses it, too: it is the stack's fault. Without this it is a limit of this cloud. */
  readonly byAws?: true
}

/** What is surveyed: a stack of an assembly, or a request. */
export interface Surveyed {
  readonly stackName: string
  readonly template: Template
  readonly parameters?: Readonly<Record<string, string>>
  /** Assets that are container images, by name. */
  readonly dockerImages?: readonly string[]
  /** Where its assets lie, the templates of nested stacks among them. */
  readonly objects?: Objects
}

/** What can be run. */
export interface Abilities {
  readonly account: Account
  readonly types: ReadonlyMap<string, ResourceType>
  /** Whether somebody answers for Systems Manager's parameters, and for `{{resolve:…}}`. */
  readonly ssm?: boolean
  readonly dynamic?: boolean
  /** What else lies in buckets. */
  readonly shelf?: Objects | undefined
}

/** A refusal in one line. */
export function refusalLine({ kind, stackName, logicalId, type, what }: Refusal): string {
  const where = logicalId ? `${stackName}/${logicalId}` : stackName
  if (kind === 'output') return `${where}: the output (${what})`
  if (!type) return `${where}: ${what}`
  return `${where}: ${type}${what ? ` (${what})` : ''}`
}

/** What is left to run, and a line for each thing that was left out. */
export interface Survey<S extends Surveyed> {
  readonly stacks: readonly S[]
  /** `Chat/Site: AWS::CloudFront::Distribution`, `Chat/SiteUrl: refers to Site`. Empty when everything can be run. */
  readonly leftOut: readonly string[]
}
