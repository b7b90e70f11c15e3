import { fileURLToPath } from 'node:url'
import { bundle } from '../../machine/bundle.ts'

/** The page's code and style, as a browser takes them. */
export interface PageFiles {
  readonly script: string
  readonly style: string
}

const entry = fileURLToPath(new URL('../page/main.tsx', import.meta.url))

/** Bundles the page. It takes a fraction of a second, so there is no build step. */
export async function bundlePage(): Promise<PageFiles> {
  const { outputFiles } = await bundle({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: 'page',
    write: false,
    logLevel: 'silent',
  })
  const text = (end: string) => outputFiles.find(file => file.path.endsWith(end))?.text ?? ''
  return { script: text('.js'), style: text('.css') }
}
