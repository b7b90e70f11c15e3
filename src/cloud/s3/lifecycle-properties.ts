import type { XmlElement } from '../door/protocols/xml.ts'
import { checkLifecycle } from './lifecycle.ts'

/** A template's `LifecycleConfiguration` as the document that S3's API would be sent. Throws as `checkLifecycle`. */
export function lifecycleIn({ Rules = [] }: { readonly Rules?: readonly any[] }): XmlElement | undefined {
  if (Rules.length === 0) return undefined
  const document = element('LifecycleConfiguration', { Rule: Rules.map(ruleIn) })
  checkLifecycle(document)
  return document
}

function ruleIn(rule: any): unknown {
  const noncurrent = rule.NoncurrentVersionExpiration ?? {}
  const days = noncurrent.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays
  const transitions = rule.Transitions ?? (rule.Transition ? [rule.Transition] : [])
  return {
    ID: rule.Id,
    Filter: filterIn(rule),
    Status: rule.Status,
    Expiration: some({
      Days: rule.ExpirationInDays,
      Date: rule.ExpirationDate,
      ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker,
    }),
    NoncurrentVersionExpiration: some({
      NoncurrentDays: days,
      NewerNoncurrentVersions: noncurrent.NewerNoncurrentVersions,
    }),
    AbortIncompleteMultipartUpload: some({
      DaysAfterInitiation: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    }),
    Transition: transitions.map((one: any) => ({
      Days: one.TransitionInDays,
      Date: one.TransitionDate,
      StorageClass: one.StorageClass,
    })),
  }
}

function filterIn({ Prefix, TagFilters = [], ObjectSizeGreaterThan, ObjectSizeLessThan }: any): unknown {
  const all = { Prefix, Tag: TagFilters, ObjectSizeGreaterThan, ObjectSizeLessThan }
  const count = TagFilters.length + [Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan].filter(given).length
  return count > 1 ? { And: all } : count === 0 ? { Prefix: '' } : all
}

const given = (value: unknown) => value !== undefined

const some = (members: Readonly<Record<string, unknown>>) =>
  Object.values(members).some(given) ? members : undefined

export function element(name: string, value: unknown): XmlElement {
  if (typeof value !== 'object' || value === null) return { name, text: String(value), children: [] }
  const children = Object.entries(value).flatMap(([key, member]) =>
    (Array.isArray(member) ? member : [member]).filter(given).map(one => element(key, one)),
  )
  return { name, text: '', children }
}
