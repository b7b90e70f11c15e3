import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'

/** Where pictures for the docs are put, when somebody wants new ones: `PICTURES=/tmp/pictures npm run prove -- workbench`. */
const folder = process.env.PICTURES

const sizes = {
  '': { width: 1440, height: 900 },
  '-390': { width: 390, height: 844 },
  '-1920': { width: 1920, height: 1080 },
}

/** Takes the pictures of a view: light and dark, on a laptop, a telephone and a projector. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.mouse.move(0, 0)
  for (const [suffix, size] of Object.entries(sizes)) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const scheme = colorScheme === 'dark' ? '-dark' : ''
      await page.screenshot({ path: join(folder, `${name}${suffix}${scheme}.png`) })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(sizes[''])
}
