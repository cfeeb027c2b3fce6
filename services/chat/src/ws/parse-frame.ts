import { ClientFrame } from '@apex/protocol/frame'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** A client's frame, or why it is none. */
export function parseFrame(data: Uint8Array, isBinary: boolean): { frame: ClientFrame } | { fault: string } {
  if (isBinary) return { fault: 'frames are text' }
  let json: unknown
  try {
    json = JSON.parse(decoder.decode(data))
  } catch {
    return { fault: 'the frame is not JSON' }
  }
  const parsed = ClientFrame.safeParse(json)
  if (parsed.success) return { frame: parsed.data }
  const [issue] = parsed.error.issues
  return {
    fault: issue ? `${issue.path.join('.') || 'frame'}: ${issue.message}`.slice(0, 100) : 'the frame is not known',
  }
}
