import { AppError } from '@apex/kit/app-error'
import { issuesOf } from '@apex/kit/http/http-app'
import { ColumnMapping, type ImportOptions } from '@apex/protocol/import'

/** Options as a query carries them: the mapping is JSON text. */
export type ImportQuery = Omit<ImportOptions, 'map'> & { map?: string | undefined }

/** Reads the mapping; throws `invalid_request` when it is none. */
export function importOptions({ map, ...rest }: ImportQuery): ImportOptions {
  if (map === undefined) return rest
  const outcome = ColumnMapping.safeParse(parseJson(map))
  if (outcome.success) return { ...rest, map: outcome.data }
  const issues = issuesOf(outcome.error.issues, 'query.map')
  const detail = issues.map((issue) => `${issue.path}: ${issue.message}`).slice(0, 5)
  throw new AppError('invalid_request', `The mapping of columns is not valid. ${detail.join('; ')}`, { issues })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `is not JSON: ${(error as Error).message}`
    throw new AppError('invalid_request', `The mapping of columns ${message}`, {
      issues: [{ path: 'query.map', message }],
      cause: error,
    })
  }
}
