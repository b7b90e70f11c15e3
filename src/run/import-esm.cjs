// A file of its own, because TypeScript's `import()` would be compiled to `require` in the worker.
module.exports = async url => {
  const { register } = await import('tsx/esm/api')
  register()
  return import(url)
}
