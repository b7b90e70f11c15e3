import http from 'node:http'
import { once } from 'node:events'
import { WebSocket } from '/work/main/node_modules/ws/wrapper.mjs'
import { startGateway } from '/work/main/src/cloud/apigateway/gateway.ts'
import { movableClock } from '/work/main/src/cloud/clock.ts'
import { eventStream } from '/work/main/src/cloud/events.ts'
import { defaultAccount } from '/work/main/src/cloud/account.ts'
if (process.argv[2] === 'client') {
  const port = process.argv[3], n = +process.argv[4]!
  const all: any[] = []
  const t0 = Date.now()
  for (let i = 0; i < n; i += 200) {
    await Promise.all(Array.from({ length: 200 }, async () => { const w = new WebSocket(`ws://127.0.0.1:${port}/prod`); await once(w, 'open'); all.push(w) }))
  }
  console.log('opened', n, Date.now() - t0, 'ms')
  const few = all.slice(0, 100)
  let got = 0; const t1 = Date.now(); const N = 50_000
  await new Promise<void>(res => { for (const w of few) { w.on('message', () => { if (++got === N) res(); else if (got < N - 100) w.send('{"action":"echo","x":"hello"}') }); w.send('{"action":"echo","x":"hello"}') } })
  console.log('msgs/s', Math.round(N / (Date.now() - t1) * 1000))
  process.send?.('done'); await new Promise(r => process.once('message', r)); process.exit()
} else {
  const clock = movableClock(), events = eventStream(clock.now)
  const g = startGateway({ account: defaultAccount, clock, events, decide: () => ({ allowed: true }), invoke: async a => ({ kind: 'returned', requestId: 'r', payload: JSON.stringify({ statusCode: 200, body: JSON.parse(a.payload).body }) }) })
  const mk = async (t: string, p: any) => (await g.resources.find(r => r.type.endsWith('::' + t))!.create({ stackName: '', logicalId: '', properties: p, inventName: () => '' })).physicalId
  const ApiId = await mk('Api', { Name: 'a', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' })
  const I = await mk('Integration', { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations' })
  for (const RouteKey of ['$connect', 'echo']) { const RouteId = await mk('Route', { ApiId, RouteKey, Target: 'integrations/' + I, RouteResponseSelectionExpression: '$default' }); await mk('RouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' }) }
  await mk('Stage', { ApiId, StageName: 'prod', AutoDeploy: true })
  const s = http.createServer(); s.on('upgrade', (r, k, h) => g.upgrade(ApiId, r, k, h)); s.listen(0); await once(s, 'listening')
  global.gc?.(); const before = process.memoryUsage().rss
  const { fork } = await import('node:child_process')
  const c = fork('/work/main/bench-tmp.ts', ['client', String((s.address() as any).port), '10000'], { execArgv: process.execArgv })
  await once(c, 'message')
  global.gc?.(); console.log('server rss +MB', (process.memoryUsage().rss - before) / 1e6, 'heap', process.memoryUsage().heapUsed / 1e6)
  const t = Date.now(); clock.advance(600_001); console.log('10k idle closes', Date.now() - t, 'ms')
  c.send('bye'); await once(c, 'exit'); const t2 = Date.now(); await g.stop(); console.log('stop', Date.now() - t2); s.close(); s.closeAllConnections(); clock.stop()
  console.log('handles', process.getActiveResourcesInfo())
}
