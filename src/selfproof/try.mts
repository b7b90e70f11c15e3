import { mkdtempSync } from 'node:fs'
import { synthApp } from './synth-app.ts'

console.time('synth')
console.log(await synthApp(mkdtempSync('/tmp/try-'), process.argv[2]!, JSON.parse(process.argv[3] ?? '{}')))
console.timeEnd('synth')
