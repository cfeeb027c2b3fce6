import type { PublishedFigure } from '../evidence/evidence-panel.tsx'
import { words } from '../evidence/query-lines.ts'
import { formatCount } from '../format/number.ts'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { strings } from '../strings.ts'

/** Every figure of a report with what it is and the query behind it; pressing one opens its evidence. */
export function ReportClaims({
  published,
  onOpen,
}: {
  published: readonly PublishedFigure[]
  onOpen: (figure: PublishedFigure) => void
}) {
  const text = strings.evidence.report
  if (published.length === 0) return null
  return (
    <section aria-labelledby="evidence-list" className="refs-section">
      <h2 id="evidence-list">{text.evidence}</h2>
      <p>{text.evidenceLead(formatCount(published.length))}</p>
      <ScrollRegion label={text.evidence}>
        <table className="refs">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">{text.number}</span>
              </th>
              <th scope="col">{text.figure}</th>
              <th scope="col">{text.what}</th>
              <th scope="col">{text.question}</th>
              <th scope="col" className="n">
                {text.rowCount}
              </th>
            </tr>
          </thead>
          <tbody>
            {published.map((figure) => (
              <tr key={figure.claim.id}>
                <td>{figure.number}</td>
                <th scope="row" className="nowrap">
                  <button type="button" className="plain" onClick={() => onOpen(figure)}>
                    {figure.claim.display}
                  </button>
                </th>
                <td>{figure.claim.label}</td>
                <td className="nowrap">{words(figure.claim.question)}</td>
                <td className="n">{formatCount(figure.claim.rowCount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  )
}
