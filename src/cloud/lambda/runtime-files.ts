import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The runtime that instances run, as plain JavaScript in a folder: what is `/var/runtime` on AWS. */
export interface RuntimeFiles {
  readonly folder: string
  /** What Node is started with. */
  readonly main: string
  /** Loaded before it, and by everything it starts. */
  readonly preload: string
  /** Tells instances started from now on where the door is. */
  pointTo(door: { readonly port: number; readonly authority: string }): void
  /** Tells every instance, those at work included, which hosts besides AWS's are behind the door. Those told before are forgotten. */
  alsoBehindTheDoor(hosts: readonly string[]): void
}

/** Compiled once a process, however many clouds it starts. */
let compiled: Promise<readonly { readonly name: string; readonly text: string }[]> | undefined

/** Puts the runtime into `folder`, which it makes. */
export async function layRuntime(folder: string): Promise<RuntimeFiles> {
  compiled ??= compile()
  const files = await compiled
  mkdirSync(folder)
  for (const { name, text } of files) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'hosts.json'), '[]')
  let told = ''
  return {
    folder,
    main: join(folder, 'index.mjs'),
    preload: join(folder, 'redirect.cjs'),
    pointTo(door) {
      const text = JSON.stringify(door)
      if (text === told) return
      writeFileSync(join(folder, 'door.json'), text)
      told = text
    },
    alsoBehindTheDoor(hosts) {
      // Renamed, so that nobody ever reads half of it.
      writeFileSync(join(folder, 'hosts.next.json'), JSON.stringify(hosts))
      renameSync(join(folder, 'hosts.next.json'), join(folder, 'hosts.json'))
    },
  }
}

async function compile() {
  const source = (name: string) => fileURLToPath(new URL(`./runtime/${name}.ts`, import.meta.url))
  const bundle = async (name: string, format: 'esm' | 'cjs', file: string) => {
    const result = await build({
      entryPoints: [source(name)],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format,
      logLevel: 'silent',
      // Nothing of this project's own settings, which name strictness and libraries only.
      tsconfigRaw: {},
    })
    return { name: file, text: result.outputFiles[0]!.text }
  }
  return Promise.all([bundle('index', 'esm', 'index.mjs'), bundle('redirect', 'cjs', 'redirect.cjs')])
}

/** Whether a package of the SDK is one the managed runtime has but this installation has not. */
export function missingSdkPackage(message: string): string | undefined {
  return /Cannot find (?:module|package) '((?:@aws-sdk|@smithy)\/[^/']+|aws-sdk)'/.exec(message)?.[1]
}
