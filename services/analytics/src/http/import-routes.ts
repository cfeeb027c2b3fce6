import { route } from '@apex/kit/http/route'
import { CreateImport } from '@apex/protocol/endpoints/analytics/create-import'
import { GetImport } from '@apex/protocol/endpoints/analytics/get-import'
import { GetRejects } from '@apex/protocol/endpoints/analytics/get-rejects'
import { ListImports } from '@apex/protocol/endpoints/analytics/list-imports'
import { LoadSample } from '@apex/protocol/endpoints/analytics/load-sample'
import { PreviewImport } from '@apex/protocol/endpoints/analytics/preview-import'
import { RetractImport } from '@apex/protocol/endpoints/analytics/retract-import'
import { ImportOptions, type Reject } from '@apex/protocol/import'
import { previewFile } from '../ingest/preview-file.ts'
import { fillSample } from '../sample/fill-sample.ts'
import { type AnalyticsTools, requireWriter } from './analytics-tools.ts'
import { importOptions } from './import-options.ts'
import { uploadedBytes } from './open-uploads.ts'

const SAMPLE_OPTIONS = ImportOptions.parse({ fileName: 'Sample data' })

/** Files on their way in, what became of them, and taking them back. */
export function addImportRoutes(tools: AnalyticsTools): void {
  const { app, book, clock, events, imports, share, uploads } = tools

  // Fixed addresses first: the router takes the first that matches.
  route(app, PreviewImport, ({ query, request, signal }) =>
    uploads.run(signal, (ended) =>
      previewFile(book, { source: uploadedBytes(request.body, ended), options: importOptions(query) }),
    ),
  )

  route(app, LoadSample, async ({ body: { importId }, identity, signal }) => {
    requireWriter(identity, 'load sample data')
    const { organizationId, userId } = identity
    const record = await uploads.run(signal, (ended) =>
      imports.importSample(
        { organizationId, importId, userId, options: SAMPLE_OPTIONS, signal: ended },
        fillSample({ book, nowMs: clock.nowMs(), signal: ended }),
      ),
    )
    events.importEnded(identity, record)
    return { import: record }
  })

  route(app, CreateImport, async ({ identity, params: { importId }, query, request, signal }) => {
    requireWriter(identity, 'import')
    const { organizationId, userId } = identity
    const options = importOptions(query)
    const record = await uploads.run(signal, (ended) =>
      imports.importFile(
        { organizationId, importId, userId, options, signal: ended },
        uploadedBytes(request.body, ended),
      ),
    )
    events.importEnded(identity, record)
    return { import: record }
  })

  route(app, ListImports, async ({ identity }) => ({
    imports: await share.run(identity.userId, () => imports.list(identity.organizationId)),
  }))

  route(app, GetImport, async ({ identity: { organizationId, userId }, params: { importId } }) => ({
    import: await share.run(userId, () => imports.find({ organizationId, importId })),
  }))

  route(app, RetractImport, async ({ identity, params: { importId } }) => {
    requireWriter(identity, 'take imports back')
    const { organizationId, userId } = identity
    const record = await share.run(userId, () => imports.retract({ organizationId, importId }))
    events.importRetracted(identity, record)
    return { import: record }
  })

  route(app, GetRejects, async ({ identity: { organizationId }, params: { importId } }) => {
    const pages = await imports.rejects({ organizationId, importId })
    return new Response(ReadableStream.from(ndjson(pages)), {
      headers: {
        'content-type': 'application/x-ndjson',
        'content-disposition': `attachment; filename="import-${importId}.rejects.jsonl"`,
      },
    })
  })
}

async function* ndjson(pages: AsyncIterable<readonly Reject[]>): AsyncGenerator<Uint8Array> {
  for await (const page of pages) {
    yield Buffer.from(page.map((reject) => `${JSON.stringify(reject)}\n`).join(''))
  }
}
