import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpClient } from '@apex/client/http-client'
import { GetRejects } from '@apex/protocol/endpoints/analytics/get-rejects'
import type { ImportRecord } from '@apex/protocol/import'

/**
 * Saves the rejected lines beside the person, one JSON object a line, and returns the path. Never overwrites a file;
 * where the folder cannot be written to, the machine's temporary folder is used.
 */
export async function saveRejects(http: HttpClient, record: ImportRecord, folder: string): Promise<string> {
  const response = await http.stream(GetRejects, {
    params: { importId: record.id },
    timeoutMs: Number.POSITIVE_INFINITY,
  })
  const { file, path } = await create(record.fileName ?? `import-${record.id}`, folder)
  const body = response.body ?? new Blob([]).stream()
  await pipeline(Readable.fromWeb(body), file.createWriteStream())
  return path
}

async function create(name: string, folder: string) {
  const safe = name.replace(/[^\w.-]+/g, '_')
  for (let number = 1; ; number++) {
    const path = join(folder, `${safe}.rejects${number === 1 ? '' : `-${number}`}.jsonl`)
    try {
      return { path, file: await open(path, 'wx', 0o600) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') continue
      if (folder === tmpdir()) throw error
      return create(name, tmpdir())
    }
  }
}
