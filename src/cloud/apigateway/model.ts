import Ajv, { type Options } from 'ajv-draft-04'
import { AwsError } from '../error.ts'

/** `format` says nothing here, and unknown keywords are let pass: API Gateway's models are used loosely. */
const OPTIONS: Options = { strict: false, validateFormats: false, allErrors: false }

/**
 * Compiles a model's JSON Schema, draft 4 (facts: B16).
 * Throws `BadRequestException` for what is no schema.
 */
export function compileSchema(schema: unknown): (value: unknown) => boolean {
  try {
    // A compiler of its own for each: two models may carry the same `id`.
    const validate = new Ajv.default(OPTIONS).compile(asSchema(schema))
    return value => validate(value)
  } catch (error) {
    throw new AwsError('BadRequestException', `Invalid model schema specified: ${(error as Error).message}`)
  }
}

/** Schemas come as objects or as JSON text. `$schema` is left out: AWS reads them all as draft 4, whatever they say. */
function asSchema(schema: unknown): object {
  const parsed: unknown = typeof schema === 'string' ? JSON.parse(schema) : schema
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error('a schema is an object')
  }
  const { $schema: _, ...rest } = parsed as Record<string, unknown>
  return rest
}
