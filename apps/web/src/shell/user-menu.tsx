import { useNavigate } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useApp, useWorkspace } from '../app/app-context.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'

/** Who is signed in, their organisations, and the way out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { auth } = useApp()
  const { me } = useWorkspace()
  const navigate = useNavigate()
  const [error, setError] = useState<unknown>()
  const short = initials(me.user.name || me.user.email)

  async function attempt(action: () => Promise<void>) {
    setError(undefined)
    await action().catch(setError)
  }

  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="avatar" aria-label={strings.user.menu(short, me.user.name)}>
        {short}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className="menu" align="end" sideOffset={8}>
        <div className="menu-label">
          <b>{me.user.name}</b>
          {me.user.email}
          <br />
          {strings.settings.roles[me.role]}, {me.organization.name}
        </div>
        <div className="menu-line" />
        <Organizations onChoose={(id) => void attempt(() => auth.switchOrganization(id))} />
        <DropdownMenu.Item className="menu-item" onSelect={() => void navigate({ to: PATHS.settings })}>
          {strings.user.settings}
        </DropdownMenu.Item>
        <DropdownMenu.Item className="menu-item" onSelect={onShortcuts}>
          {strings.user.shortcuts}
          <kbd>?</kbd>
        </DropdownMenu.Item>
        <div className="menu-line" />
        <DropdownMenu.Item
          className="menu-item"
          onSelect={(event) => {
            // Stays open until the server has ended the session, so that a failure is seen.
            event.preventDefault()
            void attempt(() => auth.signOut())
          }}
        >
          {strings.user.signOut}
        </DropdownMenu.Item>
        {error !== undefined && <ProblemNotice error={error} />}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}

function Organizations({ onChoose }: { onChoose: (organizationId: string) => void }) {
  const { me } = useWorkspace()
  if (me.organizations.length < 2) return null
  return (
    <>
      {me.organizations.map(({ id, name }) => (
        <DropdownMenu.Item key={id} className="menu-item" onSelect={() => onChoose(id)}>
          {name}
          {id === me.organization.id && <Check className="icon tick" aria-hidden="true" />}
        </DropdownMenu.Item>
      ))}
      <div className="menu-line" />
    </>
  )
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean)
  return ((words[0]?.[0] ?? '?') + (words[1]?.[0] ?? '')).toUpperCase()
}
