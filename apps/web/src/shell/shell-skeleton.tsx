import { Mark } from '../parts/glyph.tsx'
import { Bone } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'

/** The frame of the app while it is not known yet who is here. */
export function ShellSkeleton() {
  return (
    <div className="shell" aria-busy="true">
      <header className="top">
        <span className="brand">
          <Mark />
          <span className="name">{strings.product}</span>
        </span>
        <Bone width="90px" />
      </header>
      <output className="sr">{strings.loading}</output>
    </div>
  )
}
