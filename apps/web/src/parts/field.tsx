import { type InputHTMLAttributes, useId } from 'react'

/** A labelled input with its hint and, when it is wrong, the reason, both read out with it. */
export function Field({
  label,
  hint,
  wrong,
  ...input
}: { label: string; hint?: string | undefined; wrong?: string | undefined } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-invalid={Boolean(wrong)} aria-describedby={described || undefined} {...input} />
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span className="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  )
}
