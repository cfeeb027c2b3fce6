import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { v4 as uuidv4 } from 'uuid'
import { ClickHouseException } from './clickhouse-exception.ts'

/** A request of ClickHouse's HTTP interface. */
export type ClickHouseRequest = {
  queryId: string
  database: string
  defaultFormat: string
  settings: Map<string, string>
  parameters: Map<string, string>
  /** The statement in the address, when given there; then the body is its data. */
  query: string | undefined
  body: AsyncIterable<Buffer>
  compressAnswer: boolean
}

// Part of the HTTP interface, not of the engine, or without meaning for one embedded user.
const ignored = new Set([
  'user',
  'password',
  'quota_key',
  'role',
  'wait_end_of_query',
  'buffer_size',
  'stacktrace',
  'compress',
  'decompress',
  'session_timeout',
  'session_check',
  'close_session',
  'client_protocol_version',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_response_buffer_size',
  'http_zlib_compression_level',
  'http_native_compression_disable_checksumming_on_decompress',
])

const namePattern = /^[A-Za-z_]\w*$/

/** Reads address, headers and, for multipart, the form; the body stays a stream. */
export async function parseRequest(message: IncomingMessage): Promise<ClickHouseRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost')
  const request: ClickHouseRequest = {
    queryId: uuidv4(),
    database: header(message, 'x-clickhouse-database') ?? 'default',
    defaultFormat: header(message, 'x-clickhouse-format') ?? 'TabSeparated',
    settings: new Map(),
    parameters: new Map(),
    query: undefined,
    body: decoded(message),
    compressAnswer: false,
  }
  for (const [name, value] of url.searchParams) take(request, name, value)
  if (message.headers['content-type']?.startsWith('multipart/form-data')) await takeForm(request, message)
  request.compressAnswer &&= /\bgzip\b/.test(message.headers['accept-encoding'] ?? '')
  return request
}

function take(request: ClickHouseRequest, name: string, value: string): void {
  if (name === 'query') request.query = value
  else if (name === 'query_id') request.queryId = value
  else if (name === 'database') request.database = value
  else if (name === 'default_format') request.defaultFormat = value
  else if (name === 'enable_http_compression') request.compressAnswer = value === '1'
  else if (name === 'session_id') throw refused('Sessions are not supported by the embedded ClickHouse')
  else if (ignored.has(name)) return
  else if (!namePattern.test(name)) throw refused(`${name} is not a name of a setting`)
  else if (name.startsWith('param_')) request.parameters.set(name.slice('param_'.length), value)
  else request.settings.set(name, value)
}

async function takeForm(request: ClickHouseRequest, message: IncomingMessage): Promise<void> {
  const type = message.headers['content-type'] as string
  const stream = Readable.toWeb(Readable.from(request.body)) as unknown as ReadableStream
  const form = await new Response(stream, { headers: { 'content-type': type } }).formData()
  for (const [name, value] of form) {
    if (typeof value !== 'string') throw refused('External tables are not supported by the embedded ClickHouse')
    take(request, name, value)
  }
  request.body = Readable.from([])
}

function decoded(message: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = message.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return message
  const decoder = decoderFor(encoding)
  // The failure reaches the reader through the decoder.
  pipeline(message, decoder).catch(() => undefined)
  return decoder
}

function decoderFor(encoding: string) {
  if (encoding === 'gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  if (encoding === 'br') return createBrotliDecompress()
  if (encoding === 'zstd') return createZstdDecompress()
  throw refused(`Content-Encoding ${encoding} is not supported`)
}

function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function refused(text: string): ClickHouseException {
  return new ClickHouseException(36, 'BAD_ARGUMENTS', text)
}
