import { strings } from '../strings.ts'

/** A grey bar in the place of a text that is on its way; `width` in CSS units. */
export function Bone({ width, height }: { width: string; height?: string }) {
  return <span className="bone" style={{ width, height }} aria-hidden="true" />
}

/** Rows of a table that is on its way, in the table's own shape. */
export function SkeletonRows({ rows, columns }: { rows: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={row} aria-hidden="true">
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <Bone width={column === 0 ? '70%' : '45%'} />
        </td>
      ))}
    </tr>
  ))
}

/** A report that is on its way. */
export function SkeletonDocument() {
  return (
    <div className="doc-frame" aria-busy="true">
      <main className="doc" id="main" tabIndex={-1}>
        <span className="sr">{strings.loading}</span>
        <Bone width="30%" />
        <p>
          <Bone width="85%" height="1.6em" />
        </p>
        {['100%', '96%', '90%', '99%', '60%'].map((width) => (
          <p key={width}>
            <Bone width={width} />
          </p>
        ))}
      </main>
    </div>
  )
}
