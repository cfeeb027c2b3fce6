import { DeleteThread } from '@apex/protocol/endpoints/chat/delete-thread'
import { RenameThread } from '@apex/protocol/endpoints/chat/rename-thread'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'
import { RenameDialog } from './rename-dialog.tsx'

const words = strings.chat

/** What can be done with a thread: give it another title, delete it. */
export function ThreadMenu({ threadId, title }: { threadId: string; title: string }) {
  const { client, rooms, newId } = useWorkspace()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'rename' | 'remove'>()

  async function rename(next: string) {
    await client.call(RenameThread, { params: { threadId }, body: { commandId: newId(), title: next } })
    await queries.invalidateQueries({ queryKey: ['threads'] })
  }

  async function remove() {
    await client.call(DeleteThread, { params: { threadId }, attempts: 3 })
    rooms.forget(threadId)
    await queries.invalidateQueries({ queryKey: ['threads'] })
    await navigate({ to: PATHS.chat, replace: true })
  }

  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="ghost square" aria-label={words.threadActions}>
          <Ellipsis className="icon" aria-hidden="true" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
            <DropdownMenu.Item className="menu-item" onSelect={() => setDialog('rename')}>
              {words.rename}
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" onSelect={() => setDialog('remove')}>
              {words.remove}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <RenameDialog open={dialog === 'rename'} title={title} onClose={() => setDialog(undefined)} onRename={rename} />
      <ConfirmDialog
        open={dialog === 'remove'}
        onClose={() => setDialog(undefined)}
        title={words.removeTitle}
        body={words.removeBody}
        action={words.remove}
        onConfirm={remove}
      />
    </>
  )
}
