import { useMutation } from '@tanstack/react-query'
import { useWorkspace } from '../app/app-context.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { strings } from '../strings.ts'

/** Loads generated sample data, once, however often it is pressed. */
export function LoadSampleButton({ primary = false }: { primary?: boolean }) {
  const { imports } = useWorkspace()
  const load = useMutation({ mutationFn: () => imports.loadSample() })
  return (
    <>
      <button
        type="button"
        className={primary ? 'btn primary tall' : 'btn'}
        disabled={load.isPending}
        title={strings.sources.sampleNote}
        onClick={() => load.mutate()}
      >
        {load.isPending ? strings.sources.loadingSample : strings.sources.loadSample}
      </button>
      {load.error && <ProblemNotice error={load.error} onRetry={() => load.mutate()} />}
    </>
  )
}
