import { useState } from 'react'
import { Field } from '../parts/field.tsx'
import { strings } from '../strings.ts'

/** A password that can be looked at while typing. */
export function PasswordField({
  label,
  name = 'password',
  hint,
  wrong,
  autoComplete,
}: {
  label: string
  name?: string
  hint?: string
  wrong?: string | undefined
  autoComplete: 'current-password' | 'new-password'
}) {
  const [shown, setShown] = useState(false)
  return (
    <div className="password">
      <Field
        label={label}
        name={name}
        type={shown ? 'text' : 'password'}
        autoComplete={autoComplete}
        required
        hint={hint}
        wrong={wrong}
        spellCheck={false}
      />
      <button type="button" className="plain small" onClick={() => setShown(!shown)}>
        {shown ? strings.signIn.hidePassword : strings.signIn.showPassword}
      </button>
    </div>
  )
}
