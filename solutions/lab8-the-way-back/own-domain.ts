import { DomainName } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager'
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'

/**
 * The domain of the CDK context, with its certificate and its DNS record: `-c domain=ws.example.com -c zone=Z0123456789`, where
 * `zone` is the id of the hosted zone `example.com`. Without that context there is none.
 */
export function ownDomain(scope: Construct): DomainName | undefined {
  const domainName: string | undefined = scope.node.tryGetContext('domain')
  if (!domainName) return undefined

  const zone = HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
    hostedZoneId: scope.node.tryGetContext('zone'),
    zoneName: domainName.slice(domainName.indexOf('.') + 1),
  })
  const certificate = new Certificate(scope, 'Certificate', {
    domainName,
    validation: CertificateValidation.fromDns(zone),
  })
  const domain = new DomainName(scope, 'Domain', { domainName, certificate })
  new ARecord(scope, 'Record', {
    zone,
    recordName: `${domainName}.`,
    target: RecordTarget.fromAlias(
      new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId),
    ),
  })
  return domain
}
