import type { CallInput } from '@apex/protocol/call'
import type { Json } from '@apex/protocol/text'
import { cellText, rowColumns } from '../evidence/row-columns.ts'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { strings } from '../strings.ts'

const words = strings.sources

/** The first calls of a file as they would be stored. */
export function SampleTable({ sample }: { sample: readonly CallInput[] }) {
  const rows = sample.map(readableRow)
  const columns = rowColumns(rows)
  return (
    <div>
      <h3>{words.sample}</h3>
      <ScrollRegion label={words.sample}>
        <table className="small">
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
              // oxlint-disable-next-line react/no-array-index-key -- lines of a file may be equal and never move
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.key} className={column.numeric ? 'n' : 'nowrap'}>
                    {cellText(row[column.key], column)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  )
}

// Hundreds of hashes say nothing to a person; how many there are does.
function readableRow(call: CallInput): Record<string, Json> {
  const { prefix_hashes: hashes, tags, timestamp, ...rest } = call
  return {
    timestamp: typeof timestamp === 'number' ? new Date(timestamp).toISOString() : timestamp,
    ...(rest as Record<string, Json>),
    ...(hashes && { prefix_blocks: hashes.length }),
    ...(tags && { tags: JSON.stringify(tags) }),
  }
}
