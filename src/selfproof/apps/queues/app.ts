import { App } from 'aws-cdk-lib'
import { CornersStack } from './corners.ts'
import { SealedStack } from './sealed.ts'
import { NewsStack } from './stack.ts'
import { UnreadStack } from './unread.ts'

const app = new App()
const url = app.node.tryGetContext('url')
if (url) new NewsStack(app, 'News', { url, isChanged: app.node.tryGetContext('changed') === 'true' })
else {
  new CornersStack(app, 'Corners')
  new SealedStack(app, 'Sealed')
  new UnreadStack(app, 'Unread')
}
