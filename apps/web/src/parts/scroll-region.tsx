import type { ReactNode } from 'react'
import { strings } from '../strings.ts'

/** A table that scrolls sideways, or down, when it does not fit; reachable by keyboard, and named for a screen reader. */
export function ScrollRegion({
  label,
  className = 'scroll',
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section className={className} tabIndex={0} aria-label={strings.tableOf(label)}>
      {children}
    </section>
  )
}
