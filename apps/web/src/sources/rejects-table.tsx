import type { Reject } from '@apex/protocol/import'
import { formatCount } from '../format/number.ts'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { strings } from '../strings.ts'

const words = strings.sources

/** Lines that were not taken, each with its number, the reason and what it says. */
export function RejectsTable({ rejects }: { rejects: readonly Reject[] }) {
  return (
    <ScrollRegion label={words.rejected}>
      <table className="small rejects">
        <thead>
          <tr>
            <th scope="col" className="n">
              {words.line}
            </th>
            <th scope="col">{words.reason}</th>
            <th scope="col">{words.content}</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map((reject) => (
            <tr key={reject.line}>
              <td className="n">{formatCount(reject.line)}</td>
              <td>{reject.reason}</td>
              <td>
                <code>{reject.content}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
