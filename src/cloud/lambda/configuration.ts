import type { Placement } from '../ec2/outlook.ts'

/** A function as it is at one moment: what an instance is made from. It does not change; a changed function has another. */
export interface Configuration {
  readonly functionName: string
  /** Without a version behind it. */
  readonly functionArn: string
  /** `$LATEST` or a number. */
  readonly version: string
  readonly runtime: string
  readonly handler: string
  readonly roleArn: string
  /** Seconds. */
  readonly timeout: number
  /** Megabytes. */
  readonly memorySize: number
  readonly environment: Readonly<Record<string, string>>
  readonly logGroup: string
  readonly code: Code
  readonly description: string
  readonly layers: readonly string[]
  /** Where events go that are given up: a queue's or topic's ARN. */
  readonly deadLetterArn: string | undefined
  /** Where in which VPC it is. */
  readonly vpc: (Placement & { readonly vpcId: string }) | undefined
  /** Milliseconds since the epoch. */
  readonly modified: number
}

/** Where a function's code lies, laid out as `code.ts` says. */
export interface Code {
  readonly root: string
  /** What is `/var/task` on AWS. */
  readonly task: string
  /** What is `/opt` on AWS: the layers. */
  readonly layers: string
  /** Base64, as GetFunction shows it. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
}
