import type { Terminal } from '../terminal.ts'

const SHOW_EVERY_MS = 100

/** Shows on a terminal how much of a file has been sent; says nothing where stderr is not a terminal. */
export function showProgress(
  { stderr }: Pick<Terminal, 'stderr'>,
  totalBytes: number | undefined,
): { advance(bytes: number): void; end(): void } {
  let sentBytes = 0
  let shownAtMs = 0
  const shown = stderr.isTTY === true
  return {
    advance(bytes) {
      sentBytes += bytes
      const nowMs = performance.now()
      const done = sentBytes === totalBytes
      if (!shown || (!done && nowMs - shownAtMs < SHOW_EVERY_MS)) return
      shownAtMs = nowMs
      const share = totalBytes ? ` of ${megabytes(totalBytes)}, ${Math.floor((100 * sentBytes) / totalBytes)} %` : ''
      stderr.write(`\r\u001B[K${megabytes(sentBytes)}${share}${done ? ', being checked and priced' : ''}`)
    },
    end() {
      if (shown && sentBytes > 0) stderr.write('\r\u001B[K')
    },
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
