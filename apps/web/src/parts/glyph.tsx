import type { ReactNode } from 'react'

export type GlyphName = 'done' | 'live' | 'withdrawn' | 'failed' | 'waiting' | 'stopped' | 'unavailable'

const SHAPES: Record<GlyphName, ReactNode> = {
  done: (
    <>
      <circle cx="7" cy="7" r="5.5" />
      <path d="m4.7 7.1 1.6 1.6 3-3.3" />
    </>
  ),
  live: (
    <>
      <circle cx="7" cy="7" r="5.5" />
      <circle cx="7" cy="7" r="2" fill="currentcolor" />
    </>
  ),
  withdrawn: (
    <>
      <circle cx="7" cy="7" r="5.5" strokeDasharray="2 1.7" />
      <path d="m4.9 9.1 4.2-4.2" />
    </>
  ),
  failed: (
    <>
      <circle cx="7" cy="7" r="5.5" />
      <path d="m5.1 5.1 3.8 3.8m0-3.8L5.1 8.9" />
    </>
  ),
  waiting: (
    <>
      <circle cx="7" cy="7" r="5.5" />
      <path d="M7 4v3.2l2 1.2" />
    </>
  ),
  stopped: (
    <>
      <circle cx="7" cy="7" r="5.5" />
      <rect x="5" y="5" width="4" height="4" rx=".6" fill="currentcolor" stroke="none" />
    </>
  ),
  unavailable: (
    <>
      <circle cx="7" cy="7" r="5.5" strokeDasharray="2 1.7" />
      <path d="M4.8 7h4.4" />
    </>
  ),
}

/** The mark of a state in the timeline; `label` says it in a word. */
export function Glyph({ name, label }: { name: GlyphName; label?: string }) {
  return (
    <svg
      className={`g ${name}`}
      viewBox="0 0 14 14"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {SHAPES[name]}
    </svg>
  )
}

/** The product's mark. */
export function Mark() {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d="M10 2.5 18 16.5H2z" stroke="currentcolor" strokeWidth="1.6" strokeLinejoin="round" />
      <circle cx="10" cy="11.8" r="2.4" fill="currentcolor" />
    </svg>
  )
}
