import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The names of the profiles in AWS's two files, as the SDK reads them: `[profile name]` in the one, `[name]` in the
 * other. The SDK does not tell a profile that is not there from one without credentials.
 */
export function profileNames(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const file = (place: string | undefined, name: string) => place ?? join(env.HOME ?? homedir(), '.aws', name)
  const config = sections(file(env.AWS_CONFIG_FILE, 'config')).flatMap(section => {
    const [, name] = /^profile\s+["']?(.+?)["']?$/.exec(section) ?? []
    return section === 'default' ? [section] : (name ?? [])
  })
  const credentials = sections(file(env.AWS_SHARED_CREDENTIALS_FILE, 'credentials'))
  return [...new Set([...config, ...credentials])]
}

function sections(path: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // Either file may be missing.
    return []
  }
  return [...text.matchAll(/^\s*\[([^\]]+)\]/gm)].map(([, name]) => name!.trim())
}
