import { ImportFormat } from '@apex/protocol/import'
import { type FormEvent, useId } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { formatBytes, formatCount } from '../format/number.ts'
import { Field } from '../parts/field.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { strings } from '../strings.ts'
import { ColumnMap } from './column-map.tsx'
import { type ImportSettings, PREVIEW_BYTES, type Preview } from './import-flow.ts'
import { RejectsTable } from './rejects-table.tsx'
import { SampleTable } from './sample-table.tsx'

const words = strings.sources

/** What a chosen file holds, what it does not say, and the button that imports it. Nothing is stored before. */
export function ImportPreview({
  file,
  preview,
  settings,
  reading,
  error,
}: {
  file: File
  preview: Preview
  settings: ImportSettings
  reading: boolean
  error: unknown
}) {
  const { imports } = useWorkspace()
  const missing = preview.needs.some(({ option }) => option !== 'map' && !settings[option])

  function submit(event: FormEvent) {
    event.preventDefault()
    void imports.commit()
  }

  return (
    <form className="preview" onSubmit={submit} aria-busy={reading}>
      <p>
        <b>{file.name}</b> <span className="quiet">{formatBytes(file.size)}</span>
      </p>
      <Options preview={preview} settings={settings} />
      {preview.unknownColumns.length > 0 && <ColumnMap columns={preview.unknownColumns} settings={settings} />}
      {preview.sample.length > 0 ? (
        <SampleTable sample={preview.sample} />
      ) : (
        <p className="warn">{words.nothingGood}</p>
      )}
      {preview.rejects.length > 0 ? (
        <details open={preview.sample.length === 0}>
          <summary className="plain-summary warn">{words.rejects(preview.rejects.length)}</summary>
          <RejectsTable rejects={preview.rejects} />
        </details>
      ) : (
        <p className="quiet small">
          {words.noRejects} {file.size > PREVIEW_BYTES && words.previewPart(formatBytes(PREVIEW_BYTES))}
        </p>
      )}
      {error !== undefined && <ProblemNotice error={error} />}
      <div className="actions">
        <button type="submit" className="btn primary" disabled={reading || missing || preview.sample.length === 0}>
          {words.import}
        </button>
        <button type="button" className="btn" disabled={reading} onClick={() => void imports.change({})}>
          {words.checkAgain}
        </button>
        <button type="button" className="ghost" onClick={() => imports.reset()}>
          {words.another}
        </button>
      </div>
    </form>
  )
}

function Options({ preview, settings }: { preview: Preview; settings: ImportSettings }) {
  const { imports } = useWorkspace()
  const formatId = useId()
  const why = (option: string) => preview.needs.find((need) => need.option === option)?.why
  return (
    <>
      <div className="option-grid">
        <div className="field">
          <label htmlFor={formatId}>{words.format}</label>
          <select
            id={formatId}
            value={settings.format ?? 'auto'}
            onChange={(event) => void imports.change({ format: ImportFormat.parse(event.target.value) })}
          >
            {ImportFormat.options.map((format) => (
              <option key={format} value={format}>
                {words.formats[format] ?? format}
              </option>
            ))}
          </select>
          <span className="hint">
            {words.detected}: {words.formats[preview.format] ?? preview.format}, {formatCount(preview.columns.length)}{' '}
            {words.columns.toLowerCase()}
          </span>
        </div>
        {(why('model') || settings.model !== undefined) && (
          <Field
            label={words.model}
            required={Boolean(why('model'))}
            defaultValue={settings.model}
            hint={why('model') ?? words.modelHint}
            onChange={(event) => imports.note({ model: event.target.value.trim() })}
          />
        )}
        {(why('start') || settings.start !== undefined) && (
          <Field
            label={words.start}
            type="datetime-local"
            required={Boolean(why('start'))}
            hint={why('start') ?? words.startHint}
            onChange={(event) => imports.note({ start: utcInstant(event.target.value) })}
          />
        )}
      </div>
      <details>
        <summary className="plain-summary">{words.optional}</summary>
        <div className="option-grid">
          {!why('model') && settings.model === undefined && <LabelField name="model" label={words.model} />}
          <LabelField name="provider" label={words.provider} />
          <LabelField name="service" label={words.service} />
          <LabelField name="project" label={words.project} />
          <LabelField name="environment" label={words.environment} />
        </div>
      </details>
    </>
  )
}

function LabelField({
  name,
  label,
}: {
  name: 'model' | 'provider' | 'service' | 'project' | 'environment'
  label: string
}) {
  const { imports } = useWorkspace()
  return (
    <Field
      label={label}
      maxLength={200}
      onBlur={(event) => imports.note({ [name]: event.target.value.trim() || undefined })}
    />
  )
}

// The field has no zone of its own; the page says that it means UTC.
function utcInstant(local: string): string | undefined {
  const date = new Date(`${local}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
