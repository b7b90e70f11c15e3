import { readFileSync } from 'node:fs'
import { AwsError } from '../../error.ts'
import type { Objects } from '../resource.ts'
import type { Template } from '../template.ts'
import { validate } from '../validate.ts'
import { type Input, refusal } from './members.ts'
import { recognized } from './recognized.ts'
import { readTemplate } from './template-text.ts'

/** A template as it was sent, and what it says. */
export interface Sent {
  readonly templateBody: string
  readonly template: Template
}

/** Where an object lies. */
export interface Place {
  readonly bucket: string
  readonly key: string
}

/**
 * The template that a call brings, in itself or by the URL of an object; undefined when it brings none. It is looked
 * at as CloudFormation looks at it first. Throws `ValidationError`.
 */
export function templateOf(input: Input, objects: Objects): Sent | undefined {
  const { TemplateBody, TemplateURL } = input
  // The words are assumed.
  if (TemplateBody && TemplateURL) throw refusal('Template URL and Template Body cannot both be specified.')
  if (!TemplateBody && !TemplateURL) return
  const templateBody = TemplateBody || read(TemplateURL, objects)
  const template = readTemplate(templateBody, !TemplateBody)
  validate(template)
  recognized(template)
  return { templateBody, template }
}

/** As `templateOf`, for a call that must bring one. */
export function neededTemplate(input: Input, objects: Objects): Sent {
  const sent = templateOf(input, objects)
  if (!sent) throw refusal('Either Template URL or Template Body must be specified.')
  return sent
}

/**
 * Bucket and key of an object's URL, in either style: `https://s3.us-east-1.amazonaws.com/bucket/key`, `https://bucket.s3.amazonaws.com/key`.
 * A client that knows S3 by the door's own address writes that.
 */
export function placeOf(url: string): Place {
  const { hostname, pathname } = URL.canParse(url) ? new URL(url) : { hostname: '', pathname: '' }
  const [, bucket, inHost] =
    /^(?:(.+)\.)?(s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?|localhost|127\.0\.0\.1)$/.exec(hostname) ?? []
  const path = decodeURIComponent(pathname.slice(1))
  const place = bucket
    ? { bucket, key: path }
    : { bucket: path.split('/')[0]!, key: path.split('/').slice(1).join('/') }
  if (!inHost || !place.bucket || !place.key) throw refusal('TemplateURL must be a supported URL.')
  return place
}

/** CloudFormation's refusal of a template that S3 does not give it. */
export const s3Error = (words: string): AwsError =>
  refusal(
    `S3 error: ${words}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
  )

function read(url: string, objects: Objects): string {
  const { bucket, key } = placeOf(url)
  try {
    const { kind, path } = objects.find(bucket, key)
    // A folder stands for the zip that is made of it.
    if (kind === 'directory') throw refusal('Template format error: unsupported structure.')
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof AwsError && error.code.startsWith('NoSuch')) throw s3Error(error.message)
    throw error
  }
}
