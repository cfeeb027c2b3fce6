import { Link } from '@tanstack/react-router'
import { Menu } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { strings } from '../strings.ts'
import { ROOMS } from './rooms.ts'

/** The rooms as a menu, for screens too narrow for their names. */
export function RoomsMenu({ path }: { path: string }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="ghost square only-narrow" aria-label={strings.rooms.open}>
        <Menu className="icon" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className="menu" align="end" sideOffset={8}>
        {ROOMS.map(({ to, name }) => (
          <DropdownMenu.Item key={to} asChild>
            <Link className="menu-item" to={to} aria-current={path.startsWith(to) ? 'page' : undefined}>
              {name}
            </Link>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
