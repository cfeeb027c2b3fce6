import { Clock } from 'lucide-react'
import { strings } from '../strings.ts'

const words = strings.chat.composer

/** Messages that wait for the present run to end; each can be changed, removed, or sent at once. */
export function HeldMessages({
  held,
  onEdit,
  onRemove,
  onSendNow,
}: {
  held: readonly string[]
  onEdit: (index: number) => void
  onRemove: (index: number) => void
  onSendNow: (index: number) => void
}) {
  return held.map((text, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- equal texts may wait twice; their place tells them apart
    <div className="held" key={index}>
      <Clock className="icon" aria-hidden="true" />
      <p>{words.next(text)}</p>
      <button type="button" className="ghost" onClick={() => onEdit(index)}>
        {words.edit}
      </button>
      <button type="button" className="ghost" onClick={() => onRemove(index)}>
        {words.remove}
      </button>
      <button type="button" className="ghost" onClick={() => onSendNow(index)}>
        {words.sendNow}
      </button>
    </div>
  ))
}
