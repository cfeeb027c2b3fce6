import type { HttpClient } from '@apex/client/http-client'
import { CreateImport } from '@apex/protocol/endpoints/analytics/create-import'
import { LoadSample } from '@apex/protocol/endpoints/analytics/load-sample'
import { PreviewImport } from '@apex/protocol/endpoints/analytics/preview-import'
import type { ColumnMapping, ImportOptions, ImportRecord } from '@apex/protocol/import'
import type { z } from 'zod'
import { createStore, type Readable } from '../app/store.ts'

/** The preview reads this much of the file. */
export const PREVIEW_BYTES = 262_144

export type Preview = z.output<typeof PreviewImport.response>
export type ImportSettings = Partial<Omit<ImportOptions, 'fileName'>>

/** One file on its way in: chosen, looked at, imported. */
export type ImportState =
  | { step: 'choose' }
  | { step: 'reading'; file: File; settings: ImportSettings; preview: Preview | undefined }
  | { step: 'preview'; file: File; settings: ImportSettings; preview: Preview | undefined; error?: unknown }
  | { step: 'importing'; file: File; settings: ImportSettings; importId: string }
  | { step: 'done'; record: ImportRecord }

/** Brings one file in at a time; lives as long as the person is signed in, so that other pages can be used meanwhile. */
export type ImportFlow = Readable<ImportState> & {
  choose(file: File): Promise<void>
  /** Changes what the file does not say; the preview is read again where that decides how lines are read. */
  change(settings: ImportSettings): Promise<void>
  /** Changes without reading the preview again, as while typing. */
  note(settings: ImportSettings): void
  commit(): Promise<void>
  reset(): void
  loadSample(): Promise<ImportRecord>
}

/** Makes the flow over a client; `changed` is told whenever the list of imports is no longer what it was. */
export function createImportFlow(options: {
  client: HttpClient
  newId: () => string
  changed: () => void
}): ImportFlow {
  const { client, newId, changed } = options
  const store = createStore<ImportState>({ step: 'choose' })
  let sampleId: string | undefined

  async function look(file: File, settings: ImportSettings, before: Preview | undefined) {
    store.set({ step: 'reading', file, settings, preview: before })
    const next = await client
      .call(PreviewImport, { query: queryOf(file, settings), rawBody: file.slice(0, PREVIEW_BYTES), attempts: 2 })
      .then(
        (preview): ImportState => ({ step: 'preview', file, settings, preview }),
        (error: unknown): ImportState => ({ step: 'preview', file, settings, preview: before, error }),
      )
    // A newer choice has taken over meanwhile: its own preview counts.
    const now = store.get()
    if (now.step === 'reading' && now.file === file && now.settings === settings) store.set(next)
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    choose: (file) => look(file, {}, undefined),
    async change(settings) {
      const state = store.get()
      if (state.step === 'preview') await look(state.file, { ...state.settings, ...settings }, state.preview)
    },
    note(settings) {
      const state = store.get()
      if (state.step === 'preview') store.set({ ...state, settings: { ...state.settings, ...settings } })
    },
    async commit() {
      const state = store.get()
      if (state.step !== 'preview') return
      const { file, settings, preview } = state
      const importId = newId()
      store.set({ step: 'importing', file, settings, importId })
      // The list is asked again once the server has the import in it.
      setTimeout(changed, 300)
      try {
        const query = queryOf(file, settings)
        const input = { params: { importId }, query, rawBody: file, timeoutMs: Number.POSITIVE_INFINITY }
        const { import: record } = await client.call(CreateImport, input)
        store.set({ step: 'done', record })
      } catch (error) {
        store.set({ step: 'preview', file, settings, preview, error })
      }
      changed()
    },
    reset: () => store.set({ step: 'choose' }),
    async loadSample() {
      // The same id until it has worked: a second press never loads the sample twice.
      sampleId ??= newId()
      const input = { body: { importId: sampleId }, timeoutMs: 120_000, attempts: 2 }
      const { import: record } = await client.call(LoadSample, input)
      sampleId = undefined
      changed()
      return record
    },
  }
}

function queryOf(file: File, settings: ImportSettings) {
  const { map, ...rest } = settings
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''))
  return { ...given, fileName: file.name.slice(0, 255), ...(hasEntries(map) && { map: JSON.stringify(map) }) }
}

function hasEntries(map: ColumnMapping | undefined): map is ColumnMapping {
  return map !== undefined && Object.keys(map).length > 0
}
