import type { Properties } from './properties.ts'
import type { Rights } from './rights.ts'

/**
 * What a changed property does to a resource: AWS's "update requires" column. `harmless` has no effect here and may be
 * anything; AWS refuses to change a property that is `fixed`. Some properties replace only when they change in one way.
 */
export type PropertyRule = 'update' | 'replace' | 'harmless' | 'fixed' | ReplacesWhen

/** A property that replaces the resource only sometimes, and else is changed in place. */
export interface ReplacesWhen {
  replacesWhen(before: unknown, after: unknown): boolean
}

/** A resource that exists. */
export interface Physical {
  /** What `Ref` gives. */
  readonly physicalId: string
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a resource is made from. */
export interface ResourceRequest {
  readonly stackName: string
  readonly logicalId: string
  readonly properties: Properties
  /** A name as CloudFormation would invent it, `<stack>-<logicalId>-<12 random characters>`, at most `maxLength` long; the same one as often as it is asked. */
  inventName(maxLength?: number): string
  /** Tells the id of what is being made before it is there, so that it is taken down again should it fail. */
  begun?(physicalId: string): void
}

/**
 * One CloudFormation resource type: what it can be given and how it comes, changes and goes.
 *
 * A property that is not listed is refused by name before anything starts: nothing is ignored in silence. The caller
 * that deploys needs the permissions that `rights` names: a type without them does not compile.
 */
export interface ResourceType {
  /** `AWS::DynamoDB::Table`. */
  readonly type: string
  readonly properties: Readonly<Record<string, PropertyRule>>
  /** The property that names a resource of this type. No two have the same name, so it cannot be replaced under its name. */
  readonly nameProperty?: string
  /** Its properties are not looked at: nothing of it is run here. */
  readonly takesAnything?: true
  readonly rights: Rights
  /**
   * It takes in what is there when it is made. Where its order and that of others is left to chance, it is made first here,
   * so that a stack that does not say what it needs never has it by luck.
   */
  readonly comesFirst?: true
  /**
   * What `Fn::GetAtt` may ask for: all that AWS has but for `lacks`. With it a template that asks for more is refused
   * before anything starts, without it when it gets there.
   */
  readonly attributes?: readonly string[]
  /** Attributes that AWS has, and this cloud does not. */
  readonly lacks?: readonly string[]
  /**
   * Looks for what cannot be run deeper down, in the properties as the template has them (intrinsics not yet
   * worked out: look at literals only). Each answer is one thing: `BillingMode PROVISIONED is …`.
   */
  refuse?(properties: Properties): readonly string[]
  /** The same for what AWS refuses as well: that is the stack's fault, and no limit of this cloud. */
  invalid?(properties: Properties): readonly string[]
  /** Throws `AwsError` or any error; its message becomes the reason of the failed event. */
  create(request: ResourceRequest): Physical | Promise<Physical>
  /** Changes it in place. Without this every change replaces. */
  update?(
    request: ResourceRequest,
    existing: Physical & { readonly properties: Properties },
  ): Physical | Promise<Physical>
  delete?(
    existing: Physical & { readonly properties: Properties; readonly logicalId: string },
  ): void | Promise<void>
}

/** Where deployed code and templates lie: S3 as the rest of the cloud needs it. */
export interface Objects {
  /** The folder (an asset packed as zip, before packing) or file behind a key. Throws an error that names bucket and key when there is none. */
  find(bucket: string, key: string): { readonly kind: 'directory' | 'file'; readonly path: string }
}
