import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import { formatCount } from '../format/number.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Bone } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'
import { ImportPreview } from './import-preview.tsx'
import { ImportProgress } from './import-progress.tsx'

const words = strings.sources

/** Takes a file, shows what it holds, and imports it once the person says so. */
export function ImportSection() {
  const { imports } = useWorkspace()
  const state = useStore(imports)
  return (
    <section className="sec" aria-labelledby="add">
      <div className="sec-head">
        <h2 id="add">{words.addTitle}</h2>
        <p>{words.addLead}</p>
      </div>
      {(state.step === 'choose' || state.step === 'done') && <DropZone />}
      {state.step === 'done' && (
        <output className="import-done">
          <b>{words.done}.</b> {summary(state.record)}
        </output>
      )}
      {state.step === 'reading' && !state.preview && (
        <div aria-busy="true" className="stack">
          <output className="second">
            {words.reading}: {state.file.name}
          </output>
          <Bone width="60%" />
          <Bone width="90%" />
          <Bone width="75%" />
        </div>
      )}
      {state.step === 'preview' && !state.preview && (
        <div className="stack">
          <ProblemNotice error={state.error} onRetry={() => void imports.change({})} />
          <div className="actions">
            <button type="button" className="btn" onClick={() => imports.reset()}>
              {words.another}
            </button>
          </div>
        </div>
      )}
      {(state.step === 'preview' || state.step === 'reading') && state.preview && (
        <ImportPreview
          file={state.file}
          preview={state.preview}
          settings={state.settings}
          reading={state.step === 'reading'}
          error={state.step === 'preview' ? state.error : undefined}
        />
      )}
      {state.step === 'importing' && <ImportProgress file={state.file} importId={state.importId} />}
    </section>
  )
}

function DropZone() {
  const { imports } = useWorkspace()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)

  function take(files: FileList | null) {
    const file = files?.[0]
    if (file) void imports.choose(file)
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping is an extra; the button inside does the same
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileUp className="icon" aria-hidden="true" />
      <p>
        {over ? words.dropNow : words.drop}{' '}
        <button type="button" className="plain" onClick={() => input.current?.click()}>
          {words.choose}
        </button>
      </p>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={words.choose}
        onChange={(event) => {
          take(event.target.files)
          // Choosing the same file again is a new choice.
          event.target.value = ''
        }}
      />
    </div>
  )
}

function summary(record: { accepted: number; rejected: number; duplicates: number; unpriced: number }): string {
  return [
    `${words.accepted} ${formatCount(record.accepted)}`,
    `${words.rejected.toLowerCase()} ${formatCount(record.rejected)}`,
    `${words.duplicates.toLowerCase()} ${formatCount(record.duplicates)}`,
    `${words.unpriced.toLowerCase()} ${formatCount(record.unpriced)}`,
  ].join(', ')
}
