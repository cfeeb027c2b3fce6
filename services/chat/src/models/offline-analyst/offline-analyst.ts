import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { GIVE_RESULT } from '../../agents/house-rules.ts'
import { Dossier } from '../../agents/reporter.ts'
import { type LanguageModel, OFFLINE_ANALYST, OFFLINE_PROVIDER } from '../language-model.ts'
import { analysisTurn } from './analysis-turn.ts'
import { type Reply, readBrief, type Seen } from './brief-reader.ts'
import { dataHelperTurn } from './data-helper-turn.ts'
import { optimizerTurn } from './optimizer-turn.ts'
import { supervisorTurn } from './supervisor-turn.ts'
import { triageTurn } from './triage-turn.ts'
import { validationTurn } from './validation-turn.ts'
import { writeReport } from './write-report.ts'

const TURNS: Record<string, (seen: Seen) => Reply> = {
  supervisor: supervisorTurn,
  triage: triageTurn,
  'data-helper': dataHelperTurn,
  analysis: analysisTurn,
  'apex-optimizer': optimizerTurn,
  validation: validationTurn,
  reporter: ({ input }) => ({ text: writeReport(Dossier.parse(input)) }),
}

const NO_TOKENS: LanguageModelV4Usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
}

/** A call that the rules do not cover, such as a prompt that is not an agent's brief. */
export class OfflineAnalystError extends Error {
  override readonly name = 'OfflineAnalystError'
  readonly code = 'unprocessable'

  constructor(agent: string) {
    super(`The offline analyst knows no agent named ${agent}. It works only as the agents of this product.`)
  }
}

/**
 * The analyst that works without any provider: rules behind the same interface as a language model. It reads an agent's
 * brief, plans tool calls, and writes from their results; the same call always gives the same answer.
 */
export function createOfflineAnalyst(): LanguageModel {
  return {
    specificationVersion: 'v4',
    provider: OFFLINE_PROVIDER,
    modelId: OFFLINE_ANALYST,
    supportedUrls: {},
    async doGenerate(options) {
      const content = contentOf(replyTo(options), options)
      return { content, finishReason: finishOf(content), usage: NO_TOKENS, warnings: [] }
    },
    async doStream(options) {
      options.abortSignal?.throwIfAborted()
      return { stream: streamOf(contentOf(replyTo(options), options)) }
    },
  }
}

function replyTo(options: LanguageModelV4CallOptions): Reply {
  const seen = readBrief(options)
  const turn = TURNS[seen.agent]
  if (!turn) throw new OfflineAnalystError(seen.agent)
  return turn(seen)
}

function contentOf(reply: Reply, { prompt }: LanguageModelV4CallOptions): LanguageModelV4Content[] {
  if ('text' in reply) return [{ type: 'text', text: reply.text }]
  const calls = 'calls' in reply ? reply.calls : [{ tool: GIVE_RESULT, input: reply.result }]
  return [
    { type: 'text', text: reply.say },
    ...calls.map(({ tool, input }, index): LanguageModelV4Content => {
      return {
        type: 'tool-call',
        toolCallId: `call-${prompt.length}-${index + 1}`,
        toolName: tool,
        input: JSON.stringify(input),
      }
    }),
  ]
}

function finishOf(content: readonly LanguageModelV4Content[]) {
  const unified = content.some(({ type }) => type === 'tool-call') ? ('tool-calls' as const) : ('stop' as const)
  return { unified, raw: undefined }
}

/** The text goes out in lines, as a model would send it piece by piece. */
function streamOf(content: readonly LanguageModelV4Content[]): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings: [] })
      for (const [index, part] of content.entries()) {
        if (part.type === 'tool-call') controller.enqueue(part)
        if (part.type !== 'text') continue
        const id = `text-${index}`
        controller.enqueue({ type: 'text-start', id })
        for (const delta of part.text.split(/(?<=\n)/)) controller.enqueue({ type: 'text-delta', id, delta })
        controller.enqueue({ type: 'text-end', id })
      }
      controller.enqueue({ type: 'finish', usage: NO_TOKENS, finishReason: finishOf(content) })
      controller.close()
    },
  })
}
