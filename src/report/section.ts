import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { slug } from 'github-slugger'
import { house } from '../run/house.ts'

/**
 * A section of a page, heading included: `docs/routes.md#what-a-route-is`. Without an anchor the whole page.
 *
 * @throws when there is no such page or heading; a test holds that every hint leads somewhere.
 */
export async function section(place: string): Promise<string> {
  const [page = '', anchor] = place.split('#')
  const lines = (await readFile(join(house, page), 'utf8')).split(/\r?\n/)
  if (!anchor) return lines.join('\n').trim()

  const start = lines.findIndex(line => slugOf(line) === anchor)
  if (start < 0) throw new Error(`${page} has no heading #${anchor}.`)
  const level = depth(lines[start] ?? '')
  const length = lines.slice(start + 1).findIndex(line => depth(line) > 0 && depth(line) <= level)
  return lines
    .slice(start, length < 0 ? undefined : start + 1 + length)
    .join('\n')
    .trim()
}

const depth = (line: string): number => /^(#+) /.exec(line)?.[1]?.length ?? 0

const slugOf = (line: string): string | undefined =>
  depth(line) > 0 ? slug(line.replace(/^#+ /, '').replaceAll('`', '')) : undefined
