import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '../app/app-context.tsx'
import { importsQuery } from '../app/queries.ts'
import { formatBytes, formatCount } from '../format/number.ts'
import { strings } from '../strings.ts'

const words = strings.sources

/** How far an import has come: bytes read of the file and calls taken so far. */
export function ImportProgress({ file, importId }: { file: File; importId: string }) {
  const { client } = useWorkspace()
  const { data } = useQuery({ ...importsQuery(client), refetchInterval: 1_000 })
  const record = data?.find(({ id }) => id === importId)
  const share = Math.min(1, (record?.bytesRead ?? 0) / Math.max(1, file.size))
  const text = words.progress(formatBytes(record?.bytesRead ?? 0), formatCount(record?.accepted ?? 0))
  return (
    <div className="stack" aria-busy="true">
      <p>
        <b>{words.importing}</b> {file.name}, {formatBytes(file.size)}
      </p>
      <progress className="progress" aria-label={words.importing} max={1} value={share}>
        {text}
      </progress>
      <p className="quiet small">
        {text}. {words.leave}
      </p>
    </div>
  )
}
