import { tell } from '../ask.ts'
import { bench } from '../state.ts'

/** Checks again with each save. */
export function Watch({ lab }: { lab: string }) {
  const isOn = bench.value!.watching === lab
  return (
    <>
      <label class="watch">
        <input type="checkbox" checked={isOn} onChange={() => tell('watch', { lab: isOn ? null : lab })} />{' '}
        Check on save
      </label>
      <span class="soft watching" role="status">
        {isOn && `starter/${lab} is watched`}
      </span>
    </>
  )
}
