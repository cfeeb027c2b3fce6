import { AppError } from '../app-error.ts'

/** JSON bodies beyond this are refused unless the endpoint says otherwise. */
export const DEFAULT_BODY_BYTES = 1_048_576

/** Reads a JSON body of at most `maxBytes`; an empty body is `undefined`. Refusals say what was expected. */
export async function readJsonBody(request: Request, maxBytes = DEFAULT_BODY_BYTES): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes)
  if (bytes.byteLength === 0) return undefined
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') {
    throw new AppError('unsupported_media_type', 'Send the body as JSON with content-type: application/json.')
  }
  const text = decodeUtf8(bytes)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid_request', `The body is not valid JSON: ${(error as Error).message}`, { cause: error })
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new AppError('too_large', `The body is larger than ${maxBytes} bytes, the most accepted here.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop by throwing cancels the stream, so an endless body is not read to its end.
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new AppError('invalid_request', 'The body is not valid UTF-8 text.', { cause: error })
  }
}
