import Ajv, { type Options } from 'ajv-draft-04'
import { AwsError } from '../../error.ts'
import { validationWords } from './validation.ts'

/** Looks at a value: nothing when it fits, else a way to learn why not. */
export type Check = (value: unknown) => (() => string) | undefined

/** `format` says nothing here, and unknown keywords are let pass: API Gateway's models are used loosely. */
const OPTIONS: Options = { strict: false, validateFormats: false }

/**
 * Compiles a model's JSON Schema, draft 4 (facts: B16). Why a value does not fit is looked up only when somebody asks: a long message can
 * have many faults.
 * Throws `BadRequestException` for what is no schema.
 */
export function compileSchema(schema: unknown): Check {
  try {
    const fits = compile(schema, false)
    let thorough: typeof fits | undefined
    return value =>
      fits(value)
        ? undefined
        : () => {
            thorough ??= compile(schema, true)
            thorough(value)
            return validationWords(thorough.errors ?? [], value)
          }
  } catch (error) {
    throw new AwsError('BadRequestException', `Invalid model schema specified: ${(error as Error).message}`)
  }
}

// A compiler of its own for each: two models may carry the same `id`.
const compile = (schema: unknown, allErrors: boolean) =>
  new Ajv.default({ ...OPTIONS, allErrors }).compile(asSchema(schema))

/** Schemas come as objects or as JSON text. `$schema` is left out: AWS reads them all as draft 4, whatever they say. */
function asSchema(schema: unknown): object {
  const parsed: unknown = typeof schema === 'string' ? JSON.parse(schema) : schema
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error('a schema is an object')
  }
  const { $schema: _, ...rest } = parsed as Record<string, unknown>
  return rest
}
