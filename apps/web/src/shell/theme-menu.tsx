import { Check, Contrast } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useApp } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import type { Theme } from '../app/theme.ts'
import { strings } from '../strings.ts'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** Light, dark, or as the system says. */
export function ThemeMenu() {
  const { theme } = useApp()
  const chosen = useStore(theme)
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="ghost square" aria-label={strings.theme.switch}>
        <Contrast className="icon" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
        <DropdownMenu.RadioGroup value={chosen} onValueChange={(next) => theme.set(next as Theme)}>
          {THEMES.map((name) => (
            <DropdownMenu.RadioItem key={name} value={name} className="menu-item">
              {strings.theme[name]}
              {name === chosen && <Check className="icon tick" aria-hidden="true" />}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
