import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { arnIn, asking, type Rights } from '../cloudformation/rights.ts'
import { AwsError } from '../error.ts'

/** Certificate Manager, as far as others ask it for a certificate. */
export interface Acm {
  readonly resources: readonly ResourceType[]
  /** The names that a certificate of this account is good for; undefined when there is no such certificate. */
  certificateNames(certificateArn: string): readonly string[] | undefined
}

/** Starts Certificate Manager without a certificate. */
export function startAcm(account: Account): Acm {
  const { partition, region, accountId } = account
  const certificates = new Map<string, readonly string[]>()

  return {
    resources: [
      {
        type: 'AWS::CertificateManager::Certificate',
        rights: certificateRights,
        properties: {
          DomainName: 'replace',
          SubjectAlternativeNames: 'replace',
          CertificateExport: 'replace',
          CertificateTransparencyLoggingPreference: 'harmless',
          // Every certificate is issued at once: nobody here has to prove that a name is theirs, and there is no DNS to prove it by.
          DomainValidationOptions: 'replace',
          KeyAlgorithm: 'replace',
          Tags: 'harmless',
          ValidationMethod: 'replace',
        },
        attributes: ['CertificateArn'],
        create({ properties: { DomainName, SubjectAlternativeNames = [] } }) {
          const names = [DomainName, ...[SubjectAlternativeNames].flat()].map(String)
          const wrong = names.find(name => !NAME.test(name))
          if (wrong !== undefined) {
            // The words are assumed.
            throw new AwsError('InvalidDomainValidationOptionsException', `Invalid domain name: ${wrong}`)
          }
          const arn = `arn:${partition}:acm:${region}:${accountId}:certificate/${randomUUID()}`
          certificates.set(arn, names)
          return { physicalId: arn, attributes: { CertificateArn: arn } }
        },
        delete({ physicalId }) {
          certificates.delete(physicalId)
        },
      },
    ],
    certificateNames: certificateArn => certificates.get(certificateArn),
  }
}

/** ACM's own pattern for a name, in either case, with a star for one label at most. */
const NAME = /^(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$/

/** What CloudFormation's handlers ask. */
const certificateRights: Rights = {
  service: 'Acm',
  on: of => of.physicalId ?? arnIn(of.account, 'acm', 'certificate/*'),
  create: 'acm: DescribeCertificate',
  read: 'acm: DescribeCertificate ListTagsForCertificate',
  delete: 'acm: DescribeCertificate DeleteCertificate',
  tag: 'acm: AddTagsToCertificate',
  untag: 'acm: RemoveTagsFromCertificate',
  // One that is not there yet has no ARN to be asked about.
  also: (_, verb) => (verb === 'create' ? asking('acm: RequestCertificate', '*') : []),
}
