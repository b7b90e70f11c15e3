import type { Account } from '../account.ts'
import type { Physical } from './resource.ts'

/** What the names in a template stand for, at one moment of one stack. */
export interface Scope {
  readonly account: Account
  readonly stackName: string
  /** A function, because it is not known before the stack is made. */
  stackId(): string
  /** Undefined for a parameter that there is not. */
  parameter(name: string): unknown
  readonly mappings: Readonly<Record<string, unknown>>
  /** Undefined for a condition that there is not. */
  condition(name: string): boolean | undefined
  /** Undefined for a resource that there is not, or whose condition is false. */
  resource(logicalId: string): Physical | undefined
  /** The exported value, undefined when nobody exports it. */
  importValue(exportName: string): unknown
  /** Another stack's output, undefined when there is none. */
  stackOutput(stackName: string, outputName: string): unknown
}

/** What an intrinsic function is given beside its argument. */
export interface Place {
  readonly scope: Scope
  /** `Resources.Say.Properties.Role.Fn::GetAtt`. */
  readonly path: string
  /** Conditions know functions that properties do not. */
  readonly inCondition: boolean
  /** Works out an argument, or a part of it. */
  evaluate(value: unknown, step?: string | number): unknown
}

/** An intrinsic function. */
export type Intrinsic = (argument: any, place: Place) => unknown

/** `AWS::NoValue`: it leaves with the property or list item that holds it. */
export const NO_VALUE = Symbol('AWS::NoValue')

/** Thrown by a scope that does not know something before the stack is made; caught by `settle`. */
export class NotYetKnown extends Error {
  constructor(name: string) {
    super(`${name} is not known before the stack is made`)
    this.name = 'NotYetKnown'
  }
}
