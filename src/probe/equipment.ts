import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Browser } from 'playwright'

/** What a scene has at hand besides the stack, for people who are more than a socket. The code that opens the scene ends what is started here. */
export interface Equipment {
  /** The folder with the code under test. */
  readonly directory: string
  /** The browser of this check; the first who asks waits for it to start. */
  browser(): Promise<Browser>
  /** An ES module and all that it imports, as one script for a browser. */
  bundle(source: string): Promise<string>
  /** Deploys the stack again with another CDK context, where somebody can. Throws `Unmet` when it is the stack's fault that this fails. */
  release?(context: Readonly<Record<string, string>>): Promise<void>
  /** Starts a Node program by its absolute path, in the folder with the code under test. */
  start(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcessWithoutNullStreams
}
