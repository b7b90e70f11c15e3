import { expect, test } from 'vitest'
import { labs } from '../../../labs/index.ts'
import { lab1 } from '../../../labs/lab1-missing-route/lab.ts'
import { document, story } from './lessons.ts'

test('the story of a lab begins with the picture of its stack, which comes with the page', async () => {
  const { html } = await story(lab1)
  const [, svg = ''] = /<img alt="[^"]+" src="data:image\/svg\+xml;base64,([^"]+)">/.exec(html) ?? []
  expect(Buffer.from(svg, 'base64').toString()).toContain('The stack of lab 1, as its author sees it')
})

test('of any other picture a page shows the words', async () => {
  const { html } = await document('docs/workbench.md')
  expect(html).toContain('<em>The story of lab 1</em>')
  expect(html).not.toContain('<img')
})

test('every story can be shown', async () => {
  for (const lab of labs) expect((await story(lab)).html).toContain(`<h1>Lab ${lab.id.match(/\d+/)?.[0]}`)
})
