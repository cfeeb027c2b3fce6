import { ApiError, UnreachableError } from '@apex/client/errors'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import { formatWait } from '../format/duration.ts'
import { Field } from '../parts/field.tsx'
import { formText } from '../parts/form-text.ts'
import { safeNext } from '../paths.ts'
import { strings } from '../strings.ts'
import { Door } from './door.tsx'
import { PasswordField } from './password-field.tsx'

/** E-mail and password; afterwards the page the person came for. */
export function SignInPage() {
  const { auth } = useApp()
  const state = useStore(auth)
  const navigate = useNavigate()
  const search: { next?: unknown } = useSearch({ strict: false })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const next = safeNext(search.next)

  useEffect(() => {
    if (state.status === 'signed-in') void navigate({ href: next, replace: true })
  }, [state.status, navigate, next])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setError(undefined)
    try {
      await auth.signIn({ email: formText(form, 'email').trim(), password: formText(form, 'password') })
    } catch (caught) {
      setError(caught)
      setBusy(false)
    }
  }

  const ended = state.status === 'signed-out' && state.because === 'ended'
  return (
    <Door title={strings.signIn.title}>
      <p>{ended ? strings.signIn.ended : strings.signIn.lead}</p>
      <form onSubmit={(event) => void submit(event)}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the page has this form and nothing else */}
        <Field label={strings.signIn.email} name="email" type="email" autoComplete="username" required autoFocus />
        <PasswordField label={strings.signIn.password} autoComplete="current-password" />
        {error !== undefined && (
          <div className="notice bad" role="alert">
            <CircleAlert className="icon" aria-hidden="true" />
            <div>{signInTrouble(error)}</div>
          </div>
        )}
        <button className="btn primary tall full" type="submit" disabled={busy}>
          {busy ? strings.signIn.busy : strings.signIn.submit}
        </button>
      </form>
      <p className="hint small quiet">{strings.signIn.firstStart}</p>
    </Door>
  )
}

/** Why signing in did not work, in the words that help. */
function signInTrouble(error: unknown): string {
  if (error instanceof UnreachableError) return strings.signIn.away
  if (!(error instanceof ApiError)) return strings.problem.unknown
  if (error.code === 'unauthenticated') return strings.signIn.wrong
  if (error.code === 'rate_limited') return strings.signIn.throttled(formatWait(error.retryAfter ?? 60))
  if (error.status >= 500) return strings.signIn.away
  return error.detail
}
