import { createHash } from 'node:crypto'
import type { Parameter, ParameterVersion } from './parameter.ts'

/** A parameter as it is read. What is a secret is shown only to those who ask for it in the clear. */
export const shown = (
  { name, arn }: Parameter,
  { type, value, version, modifiedAt, dataType, keyId }: ParameterVersion,
  isDecrypted = false,
  selector?: string,
) => ({
  Name: name,
  Type: type,
  Value: type === 'SecureString' && !isDecrypted ? sealed(`${keyId}:${value}`) : value,
  Version: version,
  ...(selector === undefined ? {} : { Selector: selector }),
  LastModifiedDate: modifiedAt / 1000,
  ARN: arn,
  DataType: dataType,
})

/** What is known of a parameter beside its value. */
export const metadata = (
  { name, arn }: Parameter,
  {
    type,
    version,
    modifiedAt,
    modifiedBy,
    description,
    allowedPattern,
    keyId,
    dataType,
    tier,
  }: ParameterVersion,
) => ({
  Name: name,
  ARN: arn,
  Type: type,
  KeyId: keyId,
  LastModifiedDate: modifiedAt / 1000,
  LastModifiedUser: modifiedBy,
  Description: description,
  AllowedPattern: allowedPattern,
  Version: version,
  Tier: tier,
  Policies: [],
  DataType: dataType,
})

/** Something that looks like KMS's ciphertext, and tells nothing: keys are not here. */
const sealed = (text: string) => `AQICAHh${createHash('sha512').update(text).digest('base64')}`
