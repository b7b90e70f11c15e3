import { Copy } from '../copy.tsx'

/** The line of the AWS CLI that shows the same. */
export function Cli({ line }: { line: string }) {
  return (
    <p class="cli">
      <code>{line}</code> <Copy text={line} />
    </p>
  )
}
