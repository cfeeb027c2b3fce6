import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { strings } from '../strings.ts'
import { ProblemNotice } from './problem-notice.tsx'

/** Asks before something that cannot be undone; stays open with the reason when it fails. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  body,
  action,
  onConfirm,
}: {
  open: boolean
  onClose: () => void
  title: string
  body: ReactNode
  action: string
  onConfirm: () => Promise<unknown>
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function confirm() {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (caught) {
      setError(caught)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <div className="veil" />
        <Dialog.Content className="dialog">
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description>{body}</Dialog.Description>
          {error !== undefined && <ProblemNotice error={error} />}
          <div className="actions">
            <Dialog.Close className="btn">{strings.cancel}</Dialog.Close>
            <button type="button" className="btn danger" disabled={busy} onClick={() => void confirm()}>
              {action}
            </button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
