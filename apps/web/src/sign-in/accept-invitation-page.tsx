import { ApiError } from '@apex/client/errors'
import { PreviewInvitation } from '@apex/protocol/endpoints/auth/preview-invitation'
import { NewPassword } from '@apex/protocol/identity'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useApp } from '../app/app-context.tsx'
import { Field } from '../parts/field.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Bone } from '../parts/skeleton.tsx'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'
import { Door } from './door.tsx'
import { PasswordField } from './password-field.tsx'

/** Accepts the invitation whose token stands after `#`; the token is read once and never sent in an address. */
export function AcceptInvitationPage() {
  const { client } = useApp()
  const [token] = useState(() => window.location.hash.slice(1))
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => client.call(PreviewInvitation, { body: { token }, signal }),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

  if (token === '') return <Dead title={strings.invite.missingTitle} text={strings.invite.missing} />
  if (invitation.error instanceof ApiError && [404, 410].includes(invitation.error.status)) {
    return <Dead title={strings.invite.goneTitle} text={strings.invite.gone} />
  }
  if (invitation.error) {
    return (
      <Door title={strings.product}>
        <ProblemNotice error={invitation.error} onRetry={() => void invitation.refetch()} />
      </Door>
    )
  }
  if (!invitation.data) {
    return (
      <Door title={strings.loading}>
        <Bone width="80%" />
      </Door>
    )
  }
  const { organizationName, email, role, hasAccount } = invitation.data
  return (
    <Door title={strings.invite.title(organizationName)}>
      <p>{strings.invite.lead(email, strings.settings.roles[role])}</p>
      {hasAccount && <p>{strings.invite.existing}</p>}
      <JoinForm token={token} email={email} hasAccount={hasAccount} />
    </Door>
  )
}

function JoinForm({ token, email, hasAccount }: { token: string; email: string; hasAccount: boolean }) {
  const { auth } = useApp()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [wrong, setWrong] = useState<string>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = formText(form, 'password')
    const name = formText(form, 'name').trim() || email
    setError(undefined)
    setWrong(undefined)
    if (!hasAccount && !NewPassword.safeParse(password).success) return setWrong(strings.invite.tooShort)
    setBusy(true)
    try {
      await auth.acceptInvitation({ token, name, password })
      await navigate({ to: PATHS.chat, replace: true })
    } catch (caught) {
      setBusy(false)
      if (caught instanceof ApiError && caught.code === 'unauthenticated') setWrong(strings.invite.wrongPassword)
      else if (caught instanceof ApiError && caught.issues[0]) setWrong(caught.issues[0].message)
      else setError(caught)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      {!hasAccount && <Field label={strings.invite.name} name="name" autoComplete="name" required maxLength={100} />}
      <PasswordField
        label={hasAccount ? strings.invite.password : strings.invite.newPassword}
        autoComplete={hasAccount ? 'current-password' : 'new-password'}
        wrong={wrong}
        {...(!hasAccount && { hint: strings.invite.passwordHint })}
      />
      {error !== undefined && <ProblemNotice error={error} />}
      <button className="btn primary tall full" type="submit" disabled={busy}>
        {busy ? strings.invite.busy : strings.invite.submit}
      </button>
    </form>
  )
}

function Dead({ title, text }: { title: string; text: string }) {
  return (
    <Door title={title}>
      <p>{text}</p>
      <Link className="btn" to={PATHS.signIn}>
        {strings.invite.toSignIn}
      </Link>
    </Door>
  )
}
