import { CallInput } from '@apex/protocol/call'
import type { ColumnMapping } from '@apex/protocol/import'
import { useId } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { strings } from '../strings.ts'
import type { ImportSettings } from './import-flow.ts'

const words = strings.sources
const FIELDS = Object.keys(CallInput.shape) as (keyof typeof CallInput.shape)[]

/** Says which field of a call a column of the file is, for columns that are not named like one. */
export function ColumnMap({ columns, settings }: { columns: readonly string[]; settings: ImportSettings }) {
  const { imports } = useWorkspace()
  const id = useId()
  const map: ColumnMapping = settings.map ?? {}

  function choose(column: string, field: string) {
    const { [column]: _, ...others } = map
    const chosen = FIELDS.find((name) => name === field) ?? null
    void imports.change({ map: { ...others, [column]: chosen } })
  }

  return (
    <fieldset className="stack">
      <legend className="small second">{words.unknownColumns}</legend>
      <div className="option-grid">
        {columns.map((column, index) => (
          <div className="field" key={column}>
            <label htmlFor={`${id}-${index}`}>
              <code>{column}</code>
            </label>
            <select
              id={`${id}-${index}`}
              value={map[column] ?? ''}
              onChange={(event) => choose(column, event.target.value)}
            >
              <option value="">{words.ignoreColumn}</option>
              {FIELDS.map((field) => (
                <option key={field} value={field}>
                  {field}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
