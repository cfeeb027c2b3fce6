import { RetractImport } from '@apex/protocol/endpoints/analytics/retract-import'
import type { ImportRecord } from '@apex/protocol/import'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { importsQuery } from '../app/queries.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'
import { ImportRow, importName } from './import-row.tsx'
import { LoadSampleButton } from './load-sample-button.tsx'

const words = strings.sources
const NUMBERS = [words.accepted, words.rejected, words.duplicates, words.unpriced]

/** Every import with what became of its lines; an import can be taken back. */
export function ImportsList({ readOnly }: { readOnly: boolean }) {
  const { client } = useWorkspace()
  const queries = useQueryClient()
  const [retracting, setRetracting] = useState<ImportRecord>()
  const { data, error, isLoading, refetch } = useQuery(importsQuery(client))
  const hasSample = data?.some(({ sample, state }) => sample && state === 'committed')

  async function retract(record: ImportRecord) {
    await client.call(RetractImport, { params: { importId: record.id } })
    await queries.invalidateQueries()
  }

  return (
    <section className="sec" aria-labelledby="imports">
      <div className="sec-head">
        <h2 id="imports">{words.list}</h2>
        {!readOnly && data && !hasSample && <LoadSampleButton />}
      </div>
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <p>
          <b>{words.none}</b> {words.noneWhat}
        </p>
      )}
      {!error && data?.length !== 0 && (
        <ImportsTable records={data} busy={isLoading} {...(!readOnly && { onRetract: setRetracting })} />
      )}
      <ConfirmDialog
        open={retracting !== undefined}
        onClose={() => setRetracting(undefined)}
        title={words.retractTitle(retracting ? importName(retracting) : '')}
        body={words.retractBody}
        action={words.retract}
        onConfirm={async () => retracting && (await retract(retracting))}
      />
    </section>
  )
}

function ImportsTable({
  records,
  busy,
  onRetract,
}: {
  /** Undefined while they are on their way. */
  records: readonly ImportRecord[] | undefined
  busy: boolean
  onRetract?: (record: ImportRecord) => void
}) {
  return (
    <ScrollRegion label={words.list}>
      <table className="listing imports" aria-busy={busy}>
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col">{words.state}</th>
            {NUMBERS.map((name) => (
              <th
                key={name}
                scope="col"
                className="n"
                title={name === words.unpriced ? words.unpricedMeans : undefined}
              >
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="sr">{words.retract}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {records?.map((record) => (
            <ImportRow key={record.id} record={record} {...(onRetract && { onRetract: () => onRetract(record) })} />
          )) ?? <SkeletonRows rows={3} columns={7} />}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
