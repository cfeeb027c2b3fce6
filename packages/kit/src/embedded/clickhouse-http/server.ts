import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ChdbResult } from 'chdb'
import { v4 as uuidv4 } from 'uuid'
import { answerFor, ClickHouseException } from './clickhouse-exception.ts'
import type { Engine } from './engine.ts'
import { type InsertChunk, insertChunks, readText } from './insert-chunks.ts'
import { type ClickHouseRequest, parseRequest } from './request.ts'
import { insertFormat, requireSingleStatement } from './statement.ts'

const compress = promisify(gzip)
const statementBytes = 64 * 1024 * 1024

type Answer = {
  bytes: Uint8Array
  readRows: number
  readBytes: number
  writtenRows: number
  writtenBytes: number
  seconds: number
}

const nothing = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0, seconds: 0 } as const

/** Serves the part of ClickHouse's HTTP interface that its own client uses, to whoever knows the secret. */
export function createClickHouseServer(engine: Engine, secret: string): Server {
  const server = createServer({ maxHeaderSize: 1024 * 1024, keepAliveTimeout: 30_000 }, (message, response) => {
    handle(engine, secret, message, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.requestTimeout = 0
  return server
}

async function handle(
  engine: Engine,
  secret: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('x-clickhouse-server-display-name', 'embedded')
  response.setHeader('x-clickhouse-timezone', 'UTC')
  try {
    const path = message.url?.split('?', 1)[0]
    if (path === '/ping') return void response.end('Ok.\n')
    if (path !== '/') throw new ClickHouseException(36, 'BAD_ARGUMENTS', `There is no handle ${path}`)
    authorise(message, secret)
    const request = await parseRequest(message)
    response.setHeader('x-clickhouse-query-id', request.queryId)
    response.setHeader('content-type', 'text/plain; charset=UTF-8')
    const answer = await execute(engine, request, response)
    response.setHeader('x-clickhouse-summary', summary(answer))
    response.setHeader('x-clickhouse-format', request.defaultFormat)
    await send(response, answer.bytes, request.compressAnswer)
  } catch (error) {
    sendException(message, response, error)
  }
}

function authorise(message: IncomingMessage, secret: string): void {
  const basic = /^Basic (.+)$/i.exec(message.headers.authorization ?? '')?.[1]
  const given = basic
    ? Buffer.from(basic, 'base64')
        .toString()
        .replace(/^[^:]*:/, '')
    : String(message.headers['x-clickhouse-key'] ?? '')
  if (timingSafeEqual(digest(given), digest(secret))) return
  throw new ClickHouseException(516, 'AUTHENTICATION_FAILED', 'Authentication failed: password is incorrect')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function execute(engine: Engine, request: ClickHouseRequest, response: ServerResponse): Promise<Answer> {
  const id = uuidv4()
  const { database, settings, parameters, defaultFormat } = request
  const statement = request.query?.trim() ? request.query : await readText(request.body, statementBytes)
  if (statement.trim() === '') throw new ClickHouseException(62, 'SYNTAX_ERROR', 'Empty query')
  requireSingleStatement(statement)
  const data = request.query === statement ? insertChunks(request.body, insertFormat(statement)) : undefined
  const gone = (): void => {
    if (!response.writableFinished) engine.cancel(id).catch(() => undefined)
  }
  response.once('close', gone)
  try {
    return await engine.scope({ id, database, settings, parameters }, async ({ run }) => {
      if (response.destroyed) throw new ClickHouseException(394, 'QUERY_WAS_CANCELLED', 'The client is gone')
      if (!data || !takesData(statement)) return answerOf(await run(statement, defaultFormat))
      return insert(data, statement, (sql) => run(sql, defaultFormat))
    })
  } finally {
    response.off('close', gone)
  }
}

function takesData(statement: string): boolean {
  return /^\s*insert\b/i.test(statement) && (insertFormat(statement) !== undefined || /\bvalues\s*$/i.test(statement))
}

async function insert(
  data: AsyncIterable<InsertChunk>,
  statement: string,
  run: (sql: string) => Promise<ChdbResult>,
): Promise<Answer> {
  const total: Answer = { ...nothing, bytes: new Uint8Array() }
  for await (const { text, rows } of data) {
    const result = await run(`${statement}\n${text}`)
    total.writtenRows += rows
    total.writtenBytes += text.length
    total.seconds += result.elapsed
  }
  return total
}

function answerOf(result: ChdbResult): Answer {
  const { rowsRead: readRows, bytesRead: readBytes, elapsed: seconds } = result
  return { ...nothing, bytes: result.bytes(), readRows, readBytes, seconds }
}

function summary(answer: Answer): string {
  return JSON.stringify({
    read_rows: String(answer.readRows),
    read_bytes: String(answer.readBytes),
    written_rows: String(answer.writtenRows),
    written_bytes: String(answer.writtenBytes),
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: String(answer.bytes.length),
    elapsed_ns: String(Math.round(answer.seconds * 1e9)),
  })
}

async function send(response: ServerResponse, bytes: Uint8Array, compressed: boolean): Promise<void> {
  if (compressed) response.setHeader('content-encoding', 'gzip')
  response.end(compressed ? await compress(bytes) : bytes)
}

function sendException(message: IncomingMessage, response: ServerResponse, error: unknown): void {
  const answer = answerFor(error)
  // A body that was not read would be taken for the next request on the connection.
  if (!message.complete) response.setHeader('connection', 'close')
  response.statusCode = answer.status
  response.setHeader('x-clickhouse-exception-code', String(answer.code))
  response.setHeader('content-type', 'text/plain; charset=UTF-8')
  response.end(answer.message)
  if (!message.complete) message.resume()
}
