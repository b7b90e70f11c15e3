import './tokens.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { listen } from './feed.ts'

// The token is in a cookie now; an address that people copy or show need not have it.
if (location.search) history.replaceState(null, '', location.pathname + location.hash)

render(<App />, document.getElementById('page')!)
listen()
