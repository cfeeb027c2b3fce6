import type { Log } from '@apex/kit/log'
import type { Progress } from './progress.ts'
import { StaticFiles } from './static-files.ts'
import { buildWeb } from './web-build.ts'

/** Answers requests for the built pages; undefined where there is none. */
export type Pages = (request: Request) => Promise<Response | undefined>

export type PagesOptions = { root: string; ownFolder: string; progress: Progress; log: Log; signal: AbortSignal }

/**
 * Builds the pages if needed and loads them. A build that fails is no reason to refuse the start: everything but the
 * pages works, and they say what happened.
 */
export async function openPages({ root, ownFolder, progress, log, signal }: PagesOptions): Promise<Pages> {
  try {
    const folder = await buildWeb({ root, ownFolder, signal, onBuild: () => progress.starting('web') })
    const files = await StaticFiles.load(folder)
    return (request) => files.fetch(request)
  } catch (error) {
    if (signal.aborted) return async () => undefined
    log.error({ error }, 'the web pages could not be built')
    progress.warning('web', 'the web pages could not be built; the log says why. The command line and the API work.')
    return async () =>
      new Response('The web pages could not be built on this machine. The log of the server says why.\n', {
        status: 503,
        headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
      })
  }
}
