import { useSignal } from '@preact/signals'
import type { Opened } from '../../model/opened.ts'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { Copy } from '../copy.tsx'
import { isReport } from '../state.ts'

/** The line of the learner's code that is meant, and the way there. */
export function Where({ where }: { where: string }) {
  const opened = useSignal<Opened | undefined>(undefined)
  const open = async () => {
    opened.value = undefined
    opened.value = await tell<Opened>('editor', { where })
  }
  return (
    <>
      <span class="acts">
        <code>{where}</code> <Copy text={where} />
        {!isReport && <Button onClick={open}>Open in the editor</Button>}
      </span>
      <span class="soft opened" role="status">
        {opened.value &&
          ('editor' in opened.value ? (
            `${opened.value.editor} has it.`
          ) : (
            <>
              {opened.value.says} <a href={opened.value.link}>Open it in VS Code</a>
            </>
          ))}
      </span>
    </>
  )
}
