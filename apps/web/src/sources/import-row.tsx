import { GetRejects } from '@apex/protocol/endpoints/analytics/get-rejects'
import type { ImportRecord } from '@apex/protocol/import'
import { useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { formatDateTime } from '../format/instant.ts'
import { formatBytes, formatCount } from '../format/number.ts'
import { saveBlob } from '../parts/save-blob.ts'
import { strings } from '../strings.ts'
import { RejectsTable } from './rejects-table.tsx'

const words = strings.sources

/** One import in the list; its rejected lines open below it. */
export function ImportRow({ record, onRetract }: { record: ImportRecord; onRetract?: () => void }) {
  const [open, setOpen] = useState(false)
  const gone = record.state === 'retracted' || record.state === 'failed'
  return (
    <>
      <tr className={gone ? 'gone' : undefined}>
        <th scope="row">
          {importName(record)} {record.sample && <span className="pill warn">{strings.sampleData}</span>}
          <small>
            {[
              formatDateTime(record.startedAt),
              words.formats[record.format] ?? record.format,
              ...(record.options.model ? [words.modelOf(record.options.model)] : []),
            ].join(', ')}
          </small>
        </th>
        <td>
          <span className={record.state === 'failed' ? 'bad' : undefined}>{words.states[record.state]}</span>
          {record.state === 'running' && <small>{formatBytes(record.bytesRead)}</small>}
          {record.error && <small className="wrap">{record.error}</small>}
        </td>
        <td className="n">{formatCount(record.accepted)}</td>
        <td className="n">
          {record.rejected > 0 ? (
            <button
              type="button"
              className="plain"
              aria-expanded={open}
              aria-label={words.showRejects(formatCount(record.rejected))}
              onClick={() => setOpen(!open)}
            >
              {formatCount(record.rejected)}
            </button>
          ) : (
            0
          )}
        </td>
        <td className="n">{formatCount(record.duplicates)}</td>
        <td className={record.unpriced > 0 ? 'n warn' : 'n'}>{formatCount(record.unpriced)}</td>
        <td className="n">
          {onRetract && record.state === 'committed' && (
            <button type="button" className="btn" onClick={onRetract}>
              {words.retract}
            </button>
          )}
        </td>
      </tr>
      {open && <RejectsRow record={record} />}
    </>
  )
}

function RejectsRow({ record }: { record: ImportRecord }) {
  const { client } = useWorkspace()

  async function download() {
    const response = await client.stream(GetRejects, { params: { importId: record.id } })
    saveBlob(await response.blob(), `${importName(record)}.rejects.jsonl`)
  }

  return (
    <tr className="rejects-row">
      <td colSpan={7}>
        <RejectsTable rejects={record.rejects} />
        <p className="actions">
          {record.rejected > record.rejects.length && (
            <span className="quiet">
              {words.firstRejects(formatCount(record.rejects.length), formatCount(record.rejected))}
            </span>
          )}
          <button type="button" className="plain" onClick={() => void download()}>
            {words.downloadRejects}
          </button>
        </p>
      </td>
    </tr>
  )
}

/** What a person calls an import: its file, or how else it came. */
export function importName(record: ImportRecord): string {
  return record.sample ? words.sampleName : (record.fileName ?? words.batch)
}
