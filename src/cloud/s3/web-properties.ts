import type { XmlElement } from '../door/protocols/xml.ts'
import { element } from './lifecycle-properties.ts'

/** A template's `CorsConfiguration` as the document that S3's API would be sent. */
export function corsIn(given: { readonly CorsRules?: readonly any[] } | undefined): XmlElement | undefined {
  if (!given?.CorsRules?.length) return undefined
  return element('CORSConfiguration', {
    CORSRule: given.CorsRules.map(rule => ({
      ID: rule.Id,
      AllowedHeader: rule.AllowedHeaders,
      AllowedMethod: rule.AllowedMethods,
      AllowedOrigin: rule.AllowedOrigins,
      ExposeHeader: rule.ExposedHeaders,
      MaxAgeSeconds: rule.MaxAge,
    })),
  })
}

/** The same of `WebsiteConfiguration`. */
export function websiteIn(given: Record<string, any> | undefined): XmlElement | undefined {
  if (!given) return undefined
  const { IndexDocument, ErrorDocument, RedirectAllRequestsTo, RoutingRules } = given
  return element('WebsiteConfiguration', {
    RedirectAllRequestsTo: RedirectAllRequestsTo && {
      HostName: RedirectAllRequestsTo.HostName,
      Protocol: RedirectAllRequestsTo.Protocol,
    },
    IndexDocument: IndexDocument && { Suffix: IndexDocument },
    ErrorDocument: ErrorDocument && { Key: ErrorDocument },
    RoutingRules: RoutingRules && {
      RoutingRule: RoutingRules.map((rule: any) => ({
        Condition: rule.RoutingRuleCondition,
        Redirect: rule.RedirectRule,
      })),
    },
  })
}
