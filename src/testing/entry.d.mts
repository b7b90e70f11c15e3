export * from './entry.cjs'
