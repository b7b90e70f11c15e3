import { useSignal } from '@preact/signals'
import { shortName } from '../../model/names.ts'
import type { RoleAnswer, RoleInside } from '../../model/roles.ts'
import { quoted } from '../../model/same-on-aws.ts'
import { statementInWords } from '../../model/statement.ts'
import { tell } from '../ask.ts'
import { bench, rows } from '../state.ts'
import { Cli } from './cli.tsx'

interface Role extends RoleInside {
  readonly name: string
  readonly arn: string
}

/** Every role with its policies, and what IAM says of a question. */
export function Roles({ found }: { found: readonly Role[] }) {
  const { directory } = bench.value!
  if (found.length === 0) return <p class="soft">There are no roles.</p>
  return (
    <>
      <Question roles={found} />
      {found.map(({ name, policies, attached }) => (
        <section class="thing" key={name}>
          <h2>{shortName(name, directory)}</h2>
          {attached.length > 0 && <p>Attached: {attached.join(', ')}</p>}
          {policies.map(policy => (
            <details key={policy.name}>
              <summary>
                {policy.name.replace(/[0-9A-F]{8}$/, '')}{' '}
                <small>
                  {policy.statements.length === 1 ? '1 statement' : `${policy.statements.length} statements`}
                </small>
              </summary>
              <pre class="log" tabIndex={0}>
                {JSON.stringify(policy.statements, null, 2)}
              </pre>
              <Cli line={`aws iam get-role-policy --role-name ${name} --policy-name ${policy.name}`} />
            </details>
          ))}
          <Cli line={`aws iam list-role-policies --role-name ${name}`} />
          {attached.length > 0 && <Cli line={`aws iam list-attached-role-policies --role-name ${name}`} />}
        </section>
      ))}
    </>
  )
}

/** May this role do that? */
function Question({ roles }: { roles: readonly Role[] }) {
  const { directory } = bench.value!
  const role = useSignal(roles[0]!.arn)
  const action = useSignal('dynamodb:Scan')
  const resource = useSignal('*')
  const answer = useSignal<RoleAnswer | undefined>(undefined)
  // What has been asked on the wire is what people want to ask about.
  const asked = rows.value.flatMap(({ event }) => (event.kind === 'decision' ? event : []))
  const line = `aws iam simulate-principal-policy --policy-source-arn ${role.value} --action-names ${quoted(action.value)} --resource-arns ${quoted(resource.value)}`
  const change = (signal: { value: string }) => (event: { currentTarget: { value: string } }) => {
    signal.value = event.currentTarget.value
    answer.value = undefined
  }
  return (
    <form
      class="thing question"
      onSubmit={async event => {
        event.preventDefault()
        const question = { role: role.value, action: action.value, resource: resource.value }
        answer.value = await tell('inside/may', question)
      }}
    >
      <h2>May this role do that?</h2>
      <div class="fields">
        <label>
          Role
          <select value={role.value} onChange={change(role)}>
            {roles.map(({ name, arn }) => (
              <option key={arn} value={arn}>
                {shortName(name, directory)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Action
          <input class="mono" list="actions" value={action.value} onInput={change(action)} />
        </label>
        <label>
          Resource
          <input class="mono" list="resources" value={resource.value} onInput={change(resource)} />
        </label>
        <Choices id="actions" texts={asked.map(one => one.action)} />
        <Choices id="resources" texts={asked.map(one => one.resource)} />
        <button class="primary" type="submit">
          Ask IAM
        </button>
      </div>
      <p role="status" class={answer.value && answer.value.decision !== 'allowed' ? 'no' : 'yes'}>
        {answer.value &&
          `${answer.value.decision === 'allowed' ? '✓ Yes.' : '✕ No.'} ${answer.value.because}`}
      </p>
      {answer.value?.statements.map((statement, at) => (
        <pre key={at} class="log" tabIndex={0}>
          {statementInWords(statement, directory)}
        </pre>
      ))}
      <Cli line={line} />
    </form>
  )
}

function Choices({ id, texts }: { id: string; texts: readonly string[] }) {
  return (
    <datalist id={id}>
      {[...new Set(texts)].map(text => (
        <option key={text} value={text} />
      ))}
    </datalist>
  )
}
