import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The settings of every profile, by its name, both of AWS's files taken together. */
export type Profiles = ReadonlyMap<string, Readonly<Record<string, string>>>

/**
 * Reads the profiles of AWS's two files, as the SDK does: `[profile name]` in the one, `[name]` in the other. The SDK
 * does not tell a profile that is not there from one without credentials, nor does it tell the endpoint of one.
 */
export function readProfiles(env: NodeJS.ProcessEnv = process.env): Profiles {
  const file = (place: string | undefined, name: string) => place ?? join(env.HOME ?? homedir(), '.aws', name)
  const profiles = new Map<string, Readonly<Record<string, string>>>()
  const take = (name: string, settings: Readonly<Record<string, string>>) =>
    profiles.set(name, { ...profiles.get(name), ...settings })

  for (const [section, settings] of sections(file(env.AWS_CONFIG_FILE, 'config'))) {
    const name = /^profile\s+["']?(.+?)["']?$/.exec(section)?.[1] ?? (section === 'default' ? section : '')
    if (name) take(name, settings)
  }
  for (const [name, settings] of sections(file(env.AWS_SHARED_CREDENTIALS_FILE, 'credentials')))
    take(name, settings)
  return profiles
}

function sections(path: string): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // Either file may be missing.
    return []
  }
  const found: [string, Record<string, string>][] = []
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\s*\[([^\]]+)\]/.exec(line) ?? []
    if (name) found.push([name.trim(), {}])
    // What is indented belongs to a setting that is a list of its own.
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key && value !== undefined) Object.assign(found.at(-1)?.[1] ?? {}, { [key]: value })
  }
  return found
}
