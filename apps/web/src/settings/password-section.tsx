import { ApiError } from '@apex/client/errors'
import { ChangePassword } from '@apex/protocol/endpoints/auth/change-password'
import { NewPassword } from '@apex/protocol/identity'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { PasswordField } from '../sign-in/password-field.tsx'
import { strings } from '../strings.ts'

const words = strings.settings

/** Changes the password; every other session ends with it. */
export function PasswordSection() {
  const { client, me } = useWorkspace()
  const queries = useQueryClient()
  const [tooShort, setTooShort] = useState(false)
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) => client.call(ChangePassword, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const newPassword = formText(given, 'next')
    const valid = NewPassword.safeParse(newPassword).success
    setTooShort(!valid)
    if (!valid) return
    await change.mutateAsync({ currentPassword: formText(given, 'current'), newPassword }).then(
      () => form.reset(),
      () => undefined,
    )
  }

  const wrongCurrent = change.error instanceof ApiError && change.error.code === 'unauthenticated'
  const issue = change.error instanceof ApiError ? change.error.issues[0]?.message : undefined
  return (
    <section className="sec" aria-labelledby="password">
      <div className="sec-head">
        <h2 id="password">{words.password}</h2>
        <p>{words.passwordLead}</p>
      </div>
      <form className="stack narrow" onSubmit={(event) => void submit(event)}>
        <input type="email" autoComplete="username" value={me.user.email} readOnly hidden />
        <PasswordField
          label={words.current}
          name="current"
          autoComplete="current-password"
          wrong={wrongCurrent ? words.wrongCurrent : undefined}
        />
        <PasswordField
          label={words.next}
          name="next"
          autoComplete="new-password"
          hint={words.nextHint}
          wrong={tooShort ? words.tooShort : issue}
        />
        {change.error && !wrongCurrent && !issue && <ProblemNotice error={change.error} />}
        <div className="actions">
          <button type="submit" className="btn" disabled={change.isPending}>
            {change.isPending ? words.changing : words.change}
          </button>
          <output className="save">{change.isSuccess && words.changed}</output>
        </div>
      </form>
    </section>
  )
}
