import { Dialog } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { Field } from '../parts/field.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { strings } from '../strings.ts'

const words = strings.chat

/** Asks for a thread's new title; stays open with the reason when it is refused. */
export function RenameDialog({
  open,
  title,
  onClose,
  onRename,
}: {
  open: boolean
  title: string
  onClose: () => void
  onRename: (title: string) => Promise<void>
}) {
  const [error, setError] = useState<unknown>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const next = formText(new FormData(event.currentTarget), 'title').trim()
    if (next === '') return
    setError(undefined)
    try {
      await onRename(next)
      onClose()
    } catch (caught) {
      setError(caught)
    }
  }

  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <div className="veil" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>{words.renameTitle}</Dialog.Title>
          <form className="stack" onSubmit={(event) => void submit(event)}>
            <Field label={words.title} name="title" defaultValue={title.slice(0, 120)} maxLength={120} required />
            {error !== undefined && <ProblemNotice error={error} />}
            <div className="actions">
              <Dialog.Close className="btn">{strings.cancel}</Dialog.Close>
              <button type="submit" className="btn primary">
                {words.save}
              </button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
