import { formatCount } from '../format/number.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { strings } from '../strings.ts'
import { cellText, type Row, rowColumns, rowsToCsv } from './row-columns.ts'

/** The rows a figure adds up from, numbers right-aligned, as they came from the query. */
export function RowsTable({ rows, rowCount }: { rows: readonly Row[]; rowCount: number }) {
  const columns = rowColumns(rows)
  if (rows.length === 0) return <p className="second small">{strings.evidence.noRows}</p>
  return (
    <>
      <ScrollRegion label={strings.evidence.rows} className="scroll rows">
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" className={column.numeric ? 'n' : undefined}>
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- rows have no key of their own and never move
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.key} className={column.numeric ? 'n' : undefined}>
                    {cellText(row[column.key], column)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className="rows-foot">
        {rowCount > rows.length && (
          <span>{strings.evidence.moreRows(formatCount(rows.length), formatCount(rowCount))}</span>
        )}
        <CopyButton className="plain" text={() => rowsToCsv(rows)} label={strings.evidence.copyCsv} />
      </p>
    </>
  )
}
