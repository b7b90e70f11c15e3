'use strict'
// What `websocket-labs/testing` is, for `import` and for `require`. Plain JavaScript: under node_modules Node takes no TypeScript.
const { load } = require('./load.cjs')

/** Starts a local cloud. What it takes and answers with stands in entry.d.cts. */
exports.localCloud = async options => (await load()).localCloud(options)
