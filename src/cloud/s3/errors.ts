import { AwsError } from '../error.ts'

/** S3's refusals, in its own words ("Error responses" in the S3 API reference). */
export const noSuchBucket = (bucket: string) =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket })

export const noSuchKey = (key: string) =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })

export const noSuchVersion = (key: string, versionId: string) =>
  new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
    Key: key,
    VersionId: versionId,
  })

export const noSuchUpload = (uploadId: string) =>
  new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: uploadId },
  )

export const bucketNotEmpty = (bucket: string) =>
  new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: bucket })

export const accessDenied = (message = 'Access Denied') => new AwsError('AccessDenied', message, 403)

export const malformedXml = () =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )

export const invalidArgument = (message: string, name?: string, value?: string) =>
  new AwsError('InvalidArgument', message, 400, {
    ...(name === undefined ? {} : { ArgumentName: name }),
    ...(value === undefined ? {} : { ArgumentValue: value }),
  })

export const invalidRequest = (message: string) => new AwsError('InvalidRequest', message)

export const badDigest = (message: string) => new AwsError('BadDigest', message)

export const notImplemented = (what: 'header' | 'query') =>
  new AwsError(
    'NotImplemented',
    what === 'header'
      ? 'A header you provided implies functionality that is not implemented'
      : 'A query parameter you provided implies functionality that is not implemented',
    501,
  )
