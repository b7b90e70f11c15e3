import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../machine/bundle.ts'
import type { Outlook } from '../ec2/outlook.ts'

/** Where the door is, for instances. */
export interface Door {
  readonly port: number
  /** PEM. */
  readonly authority: string
  /** Where those come who reach API Gateway by an endpoint of their VPC, which knows no public API. */
  readonly shadowPort?: number
}

/** The runtime that instances run, as plain JavaScript in a folder: what is `/var/runtime` on AWS. */
export interface RuntimeFiles {
  readonly folder: string
  /** What Node is started with. */
  readonly main: string
  /** Loaded before it, and by everything it starts. */
  readonly preload: string
  /** What Python is started with. */
  readonly pythonMain: string
  /** Tells instances started from now on where the door is. */
  pointTo(door: Door): void
  /** Tells every instance, those at work included, what is reached from the VPC in which it is, by `name:version` of its function. */
  outlooks(all: Readonly<Record<string, Outlook>>): void
  /** Tells every instance, those at work included, which hosts besides AWS's are behind the door. Those told before are forgotten. */
  alsoBehindTheDoor(hosts: readonly string[]): void
}

/** The runtime for Python. It is source, and compiled by each instance. */
const PYTHON = ['bootstrap.py', 'channel.py', 'sitecustomize.py']

/** Compiled once a process, however many clouds it starts. */
let compiled: Promise<readonly { readonly name: string; readonly text: string }[]> | undefined

/** Puts the runtime into `folder`, which it makes. */
export async function layRuntime(folder: string): Promise<RuntimeFiles> {
  compiled ??= compile()
  const files = await compiled
  mkdirSync(folder)
  for (const { name, text } of files) writeFileSync(join(folder, name), text)
  for (const name of PYTHON) {
    copyFileSync(fileURLToPath(new URL(`./runtime-python/${name}`, import.meta.url)), join(folder, name))
  }
  const told = new Map<string, string>()
  /** Renamed, so that nobody ever reads half of it. */
  const write = (name: string, value: unknown) => {
    const text = JSON.stringify(value)
    if (told.get(name) === text) return
    writeFileSync(join(folder, `${name}.next.json`), text)
    renameSync(join(folder, `${name}.next.json`), join(folder, `${name}.json`))
    told.set(name, text)
  }
  write('hosts', [])
  write('outlooks', {})
  return {
    folder,
    main: join(folder, 'index.mjs'),
    preload: join(folder, 'redirect.cjs'),
    pythonMain: join(folder, 'bootstrap.py'),
    pointTo: door => write('door', door),
    alsoBehindTheDoor: hosts => write('hosts', hosts),
    outlooks: all => write('outlooks', all),
  }
}

async function compile() {
  const source = (name: string) => fileURLToPath(new URL(`./runtime/${name}.ts`, import.meta.url))
  const lay = async (name: string, format: 'esm' | 'cjs', file: string) => {
    const result = await bundle({
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
  return Promise.all([lay('index', 'esm', 'index.mjs'), lay('redirect', 'cjs', 'redirect.cjs')])
}

/** Whether a package of the SDK is one the managed runtime has but this installation has not. */
export function missingSdkPackage(message: string): string | undefined {
  return /Cannot find (?:module|package) '((?:@aws-sdk|@smithy)\/[^/']+|aws-sdk)'/.exec(message)?.[1]
}
