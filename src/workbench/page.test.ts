import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundlePage } from './server/bundle-page.ts'
import { shell } from './server/shell.ts'

/** What the whole page may take on its way, in bytes. */
const BUDGET = 60 * 1024

test('the whole page is under 60 KB, compressed, and loads nothing from other hosts', async () => {
  const { script, style } = await bundlePage()
  const size = [shell, script, style].reduce((sum, text) => sum + gzipSync(text).length, 0)
  expect(size).toBeLessThan(BUDGET)
  expect(script.length).toBeGreaterThan(BUDGET)
  const addresses = `${shell}${style}${script}`.match(/https?:\/\/[\w.-]+/g) ?? []
  // Names of XML, the service's own names in lines for the AWS CLI, and the address of a stage on AWS.
  const known = /^https?:\/\/(www\.w3\.org|sqs\.|$)/
  expect(addresses.filter(one => !known.test(one))).toEqual([])
})
