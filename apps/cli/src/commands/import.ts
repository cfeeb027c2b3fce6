import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { UnreachableError } from '@apex/client/errors'
import type { HttpClient } from '@apex/client/http-client'
import { AskQuestion } from '@apex/protocol/endpoints/analytics/ask-question'
import { CreateImport } from '@apex/protocol/endpoints/analytics/create-import'
import { GetImport } from '@apex/protocol/endpoints/analytics/get-import'
import { ColumnMapping, type ImportFormat, type ImportRecord } from '@apex/protocol/import'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { CommandError, EXIT, type ExitCode } from '../exit.ts'
import { importSummary } from '../output/import-summary.ts'
import { showProgress } from '../output/progress.ts'
import { createStyle } from '../output/style.ts'
import { connect, type ServerOptions } from '../server/connect.ts'
import { put, putJson } from '../terminal.ts'
import type { CommandContext } from './context.ts'
import { saveRejects } from './save-rejects.ts'

export type ImportCommandOptions = ServerOptions & {
  format: ImportFormat
  model?: string
  service?: string
  project?: string
  environment?: string
  start?: string
  map?: string
  json?: boolean
}

/** Streams a usage file, or standard input with `-`, into the organisation's calls and says what became of each line. */
export async function importFile(
  context: CommandContext,
  file: string,
  options: ImportCommandOptions,
): Promise<ExitCode> {
  const { terminal } = context
  const source = await openSource(context, file)
  const map = options.map === undefined ? undefined : await readMapping(resolve(terminal.cwd, options.map))
  const { http } = await connect(context, options)
  const importId = uuidv7()
  const { format, model, service, project, environment, start } = options
  const progress = showProgress(terminal, source.bytes)
  const record = await send(
    http,
    importId,
    source.stream((bytes) => progress.advance(bytes)),
    {
      format,
      ...(source.name !== undefined && { fileName: source.name }),
      ...(model !== undefined && { model }),
      ...(service !== undefined && { service }),
      ...(project !== undefined && { project }),
      ...(environment !== undefined && { environment }),
      ...(start !== undefined && { start }),
      ...(map && { map: JSON.stringify(map) }),
    },
  ).finally(() => progress.end())
  return conclude(context, http, record, { json: options.json === true, name: source.name ?? 'standard input' })
}

/** Says what became of the file; a file of which no line could be taken has failed, and its rejects say why. */
async function conclude(
  { terminal }: CommandContext,
  http: HttpClient,
  record: ImportRecord,
  { json, name }: { json: boolean; name: string },
): Promise<ExitCode> {
  const { accepted, dataVersion, duplicates, format, rejected, unpriced } = record
  const rejectsFile = rejected === 0 ? null : await saveRejects(http, record, terminal.cwd)
  if (json) {
    const facts = { importId: record.id, accepted, rejected, duplicates, rejectsFile, unpriced, format, dataVersion }
    putJson(terminal, { event: 'import', ...facts })
  } else {
    const unpricedModels = unpriced === 0 ? [] : await findUnpricedModels(http, record.id)
    put(terminal, importSummary({ record, rejectsFile, unpricedModels, name }, createStyle(terminal)))
  }
  if (record.state !== 'committed') {
    throw new CommandError(EXIT.failed, `The import ${record.state}: ${record.error ?? 'nothing was stored.'}`)
  }
  return accepted === 0 && duplicates === 0 && rejected > 0 ? EXIT.failed : EXIT.done
}

type Source = {
  name: string | undefined
  /** Undefined where the size is not known. */
  bytes: number | undefined
  stream(advance: (bytes: number) => void): ReadableStream<Uint8Array>
}

async function openSource({ terminal }: CommandContext, file: string): Promise<Source> {
  if (file === '-') {
    return { name: undefined, bytes: undefined, stream: (advance) => toWeb(terminal.stdin, advance) }
  }
  const path = resolve(terminal.cwd, file)
  const found = await stat(path).catch((cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new CommandError(
      EXIT.usage,
      missing ? `There is no file ${path}.` : `${path} cannot be read: ${String(cause)}`,
    )
  })
  if (!found.isFile()) throw new CommandError(EXIT.usage, `${path} is not a file.`)
  return { name: basename(path), bytes: found.size, stream: (advance) => toWeb(createReadStream(path), advance) }
}

function toWeb(readable: Readable, advance: (bytes: number) => void): ReadableStream<Uint8Array> {
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      advance(chunk.byteLength)
      controller.enqueue(chunk)
    },
  })
  return (Readable.toWeb(readable) as ReadableStream<Uint8Array>).pipeThrough(counter)
}

async function readMapping(path: string): Promise<ColumnMapping> {
  const refuse = (why: string) => {
    throw new CommandError(
      EXIT.usage,
      `--map ${path} is not a column mapping: ${why}\nIt is JSON such as {"Prompt Tokens": "input_tokens", "Notes": null}`,
    )
  }
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error))
  }
  const mapping = ColumnMapping.safeParse(json)
  return mapping.success ? mapping.data : refuse(z.prettifyError(mapping.error))
}

async function send(
  http: HttpClient,
  importId: string,
  rawBody: ReadableStream<Uint8Array>,
  query: z.input<NonNullable<typeof CreateImport.query>>,
): Promise<ImportRecord> {
  try {
    const answer = await http.call(CreateImport, {
      params: { importId },
      query,
      rawBody,
      timeoutMs: Number.POSITIVE_INFINITY,
    })
    return answer.import
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error
    // The answer was lost, the import perhaps not: a committed one is what was asked for.
    const found = await http.call(GetImport, { params: { importId } }).catch(() => undefined)
    if (found?.import.state !== 'committed') throw error
    return found.import
  }
}

/** The models behind the calls without a price, as far as the server can be asked. */
async function findUnpricedModels(http: HttpClient, importId: string): Promise<string[]> {
  const params = { scope: { filter: { import: [importId] } } }
  const answer = await http.call(AskQuestion, { body: { question: 'overview', params } }).catch(() => undefined)
  return answer?.coverage.unpricedModels ?? []
}
