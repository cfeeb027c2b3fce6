import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const mediaTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

type Encoding = 'br' | 'gzip'
type StaticFile = {
  path: string
  bytes: Buffer
  etag: string
  type: string
  encoded: Partial<Record<Encoding, Promise<Buffer>>>
}

const compressible = /^(?:text\/|application\/(?:json|manifest|wasm)|image\/svg)/
const smallestCompressed = 1_024
const encoders: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
}

/**
 * The built pages, held in memory so that a rebuild under a running server mixes no versions. Files under /assets carry
 * a hash in their name and are kept for ever; everything else is asked for again each time by its ETag. An address
 * without a file is a page of the application and gets index.html.
 */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>

  private constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files
  }

  static async load(folder: string): Promise<StaticFiles> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const visible = entries.filter((each) => each.isFile() && !each.name.startsWith('.'))
    const files = await Promise.all(visible.map((each) => loadFile(folder, join(each.parentPath, each.name))))
    return new StaticFiles(new Map(files.map((each) => [each.path, each])))
  }

  /** Answers GET and HEAD; undefined when there is neither a file nor a page at the address. */
  async fetch(request: Request): Promise<Response | undefined> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    const { pathname } = new URL(request.url)
    const file = this.#files.get(pathname) ?? (isPage(pathname) ? this.#files.get('/index.html') : undefined)
    return file && answer(request, file)
  }
}

function isPage(pathname: string): boolean {
  return !pathname.startsWith('/assets/') && !pathname.includes('/.') && extname(pathname) === ''
}

async function loadFile(folder: string, file: string): Promise<StaticFile> {
  const bytes = await readFile(file)
  return {
    path: `/${relative(folder, file).split(sep).join('/')}`,
    bytes,
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    type: mediaTypes[extname(file)] ?? 'application/octet-stream',
    encoded: {},
  }
}

async function answer(request: Request, file: StaticFile): Promise<Response> {
  const encoding = chooseEncoding(request, file)
  const etag = `"${file.etag}${encoding ? `-${encoding}` : ''}"`
  const headers = new Headers({
    etag,
    vary: 'accept-encoding',
    'content-type': file.type,
    'cache-control': file.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers })
  const bytes = encoding ? await encode(file, encoding) : file.bytes
  if (encoding) headers.set('content-encoding', encoding)
  headers.set('content-length', String(bytes.length))
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { headers })
}

function chooseEncoding(request: Request, file: StaticFile): Encoding | undefined {
  if (!compressible.test(file.type) || file.bytes.length < smallestCompressed) return undefined
  const accepted = request.headers.get('accept-encoding') ?? ''
  if (/\bbr\b(?!;q=0(?:\.0*)?(?:,|$))/.test(accepted)) return 'br'
  return /\bgzip\b(?!;q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'gzip' : undefined
}

function encode(file: StaticFile, encoding: Encoding): Promise<Buffer> {
  file.encoded[encoding] ??= encoders[encoding](file.bytes)
  return file.encoded[encoding]
}
