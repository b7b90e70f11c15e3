import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdaForTests } from './lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>

beforeAll(async () => {
  cloud = await lambdaForTests()
})
afterAll(() => cloud.stop())

const answer = async (name: string, files: Readonly<Record<string, string>>, properties: object = {}) => {
  await cloud.make(name, cloud.asset(name, files), properties)
  const done = await cloud.invoke(name)
  return done.kind === 'returned' ? done.result : done.error
}

test('ES modules load from .mjs, and from .js where package.json says so', async () => {
  const esm = `import { basename } from 'node:path'; export const handler = async () => [basename(import.meta.url), await Promise.resolve(1)]`
  expect(await answer('mjs', { 'index.mjs': esm })).toEqual(['index.mjs', 1])
  expect(await answer('typed', { 'index.js': esm, 'package.json': '{"type":"module"}' })).toEqual([
    'index.js',
    1,
  ])
  expect(
    await answer('top-level', { 'index.mjs': `const n = await 7; export const handler = async () => n` }),
  ).toBe(7)
})

test('CommonJS loads from .js and .cjs, and nested exports are found', async () => {
  const cjs = `exports.inner = { handler: async () => require('node:path').extname(__filename) }`
  const properties = { Handler: 'index.inner.handler' }
  expect(await answer('js', { 'index.js': cjs }, properties)).toBe('.js')
  expect(await answer('cjs', { 'index.cjs': cjs, 'package.json': '{"type":"module"}' }, properties)).toBe(
    '.cjs',
  )
})

test('.js is taken before .mjs', async () => {
  const files = {
    'index.js': `exports.handler = async () => 'js'`,
    'index.mjs': `export const handler = async () => 'mjs'`,
  }
  expect(await answer('both', files)).toBe('js')
})

test('the AWS SDK is there for require and for import, and nothing else of this project is', async () => {
  const sdk = [
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/client-apigatewaymanagementapi',
    '@smithy/types',
  ]
  expect(
    await answer('sdk-cjs', {
      'index.js': `exports.handler = async () => ${JSON.stringify(sdk)}.map(name => typeof require(name))`,
    }),
  ).toEqual(sdk.map(() => 'object'))
  expect(
    await answer('sdk-esm', {
      'index.mjs': `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
        export const handler = async () => [typeof DynamoDBClient, typeof (await import('@aws-sdk/lib-dynamodb')).DynamoDBDocumentClient]`,
    }),
  ).toEqual(['function', 'function'])
  for (const name of ['ws', 'fflate', 'aws-cdk-lib', 'esbuild']) {
    expect(
      await answer(`no-${name}`, { 'index.js': `require('${name}'); exports.handler = async () => 1` }),
    ).toMatchObject({ errorType: 'Runtime.ImportModuleError' })
  }
  expect(
    await answer('no-esm', { 'index.mjs': `import 'ws'; export const handler = async () => 1` }),
  ).toMatchObject({
    errorType: 'Error',
    errorMessage: "Cannot find package 'ws' imported from /var/task/index.mjs",
  })
})

test('an SDK client that is not installed here is said to be so', async () => {
  await answer('absent', { 'index.js': `require('@aws-sdk/client-nothing')` })
  const last = cloud.events.history().findLast(event => event.kind === 'invocation')
  expect(last).toMatchObject({
    because: expect.stringMatching(/AWS's runtime has @aws-sdk\/client-nothing; this installation has not$/),
  })
})

test('the SDK complains about no version of Node', async () => {
  expect(
    await answer('warns', {
      'index.js': `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
        exports.handler = async () => { new DynamoDBClient({}); await new Promise(r => setTimeout(r, 20)); return 1 }`,
    }),
  ).toBe(1)
  expect(cloud.lines('warns').filter(line => !/^(INIT_START|START|END|REPORT)/.test(line))).toEqual([])
})

test("a package of the function's own is found, and goes before the runtime's", async () => {
  expect(
    await answer('bundled', {
      'index.js': `exports.handler = async () => [require('left-pad'), require('@aws-sdk/client-sts')]`,
      'node_modules/left-pad/index.js': `module.exports = 'padded'`,
      'node_modules/@aws-sdk/client-sts/index.js': `module.exports = 'its own'`,
    }),
  ).toEqual(['padded', 'its own'])
})

test('a zip file is unpacked, and never beside its folder', async () => {
  const text = (value: string) => new TextEncoder().encode(value)
  cloud.asset('', {
    'code.zip': zipSync({
      'lib/': new Uint8Array(),
      'lib/index.js': text(`exports.handler = async () => require('./other.js')`),
      'lib/other.js': text(`module.exports = 'zipped'`),
      '../evil.js': text(''),
    }),
    'broken.zip': 'not a zip',
  })
  await cloud.make('zip', { S3Bucket: 'bucket', S3Key: 'code.zip' }, { Handler: 'lib/index.handler' })
  expect((await cloud.invoke('zip')).result).toBe('zipped')
  await expect(cloud.make('broken', { S3Bucket: 'bucket', S3Key: 'broken.zip' })).rejects.toThrow(
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  )
})

test('a layer lies under /opt, its packages are found by require and import, later ones first', async () => {
  const layer = async (id: string, files: Readonly<Record<string, string>>) => {
    const { physicalId } = await cloud
      .resource('AWS::Lambda::LayerVersion')
      .create(cloud.request(id, { LayerName: id, Content: cloud.asset(id, files) }))
    return physicalId
  }
  const module = (value: string) => `module.exports = '${value}'`
  const first = await layer('first', {
    'nodejs/node_modules/one/index.js': module('one of first'),
    'nodejs/node_modules/both/index.js': module('both of first'),
  })
  const second = await layer('second', {
    'nodejs/node_modules/both/index.js': module('both of second'),
    'nodejs/node22/node_modules/modern/index.js': module('modern'),
    'data.txt': 'x',
  })
  expect(first).toBe('arn:aws:lambda:us-east-1:123456789012:layer:first:1')
  const Layers = [first, second]
  const packages = ['one of first', 'both of second', 'modern']
  expect(
    await answer(
      'layered',
      { 'index.js': `exports.handler = async () => ['one', 'both', 'modern'].map(name => require(name))` },
      { Layers },
    ),
  ).toEqual(packages)
  expect(
    await answer(
      'layered-esm',
      {
        'index.mjs': `import one from 'one'; import both from 'both'; import modern from 'modern'; import '@aws-sdk/client-dynamodb'
          export const handler = async () => [one, both, modern]`,
      },
      { Layers },
    ),
  ).toEqual(packages)
  await expect(cloud.make('unlayered', '', { Layers: [`${first}9`] })).rejects.toThrow('does not exist')
})

test('features that AWS turns off are off, until NODE_OPTIONS asks for them', async () => {
  const files = {
    'index.js': `exports.handler = async () => require('./esm.mjs').value`,
    'esm.mjs': `export const value = 1`,
  }
  expect(await answer('require-esm', files)).toMatchObject({
    errorMessage: expect.stringContaining('require() of ES Module'),
  })
  const asked = { Environment: { Variables: { NODE_OPTIONS: '--experimental-require-module' } } }
  expect(await answer('require-esm-asked', files, asked)).toBe(1)
})

test('callbacks are gone with Node.js 24', async () => {
  const files = { 'index.js': `exports.handler = (event, context, callback) => callback(null, 1)` }
  expect(await answer('node22', files)).toBe(1)
  expect(await answer('node24', files, { Runtime: 'nodejs24.x' })).toMatchObject({
    errorType: 'Runtime.CallbackHandlerDeprecated',
  })
})

test('what cannot be run is refused by name', () => {
  const { refuse } = cloud.resource('AWS::Lambda::Function')
  expect(refuse!({ Runtime: 'ruby3.3' })).toEqual([
    'Runtime ruby3.3 is not run here: only Node.js and Python 3 are',
  ])
  expect(refuse!({ PackageType: 'Image', Code: { ImageUri: 'x' } })).toEqual([
    'container images are not run here',
  ])
  expect(refuse!({ Runtime: 'nodejs22.x', LoggingConfig: { LogFormat: 'JSON' } })).toHaveLength(1)
  expect(refuse!({ Runtime: { 'Fn::FindInMap': [] } })).toEqual([])
  const { properties } = cloud.resource('AWS::Lambda::Function')
  for (const name of ['FileSystemConfigs', 'ImageConfig', 'SnapStart']) {
    expect(properties).not.toHaveProperty(name)
  }
})

test("variables that are Lambda's to set are refused", async () => {
  const make = (Variables: object) => cloud.make('reserved', '', { Environment: { Variables } })
  await expect(make({ AWS_REGION: 'eu-west-1' })).rejects.toThrow(
    /Reserved keys used in this request: AWS_REGION$/,
  )
  await expect(make({ LONG: 'x'.repeat(5000) })).rejects.toThrow(/exceeded the 4KB limit/)
})
