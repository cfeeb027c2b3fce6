import { ERROR_STATUS, type ErrorCode, type Problem } from '@apex/protocol/error'
import { type Json, normaliseJson } from '@apex/protocol/text'
import type { Tool, ToolContext, ToolResult } from './tool.ts'

/** A tool call that failed, as the timeline and the model see it. */
export type ToolProblem = Pick<Problem, 'code' | 'title' | 'detail' | 'retryable' | 'charged' | 'requestId'>

export type ToolOutcome = { ok: true; result: ToolResult } | { ok: false; problem: ToolProblem }

/**
 * Arguments as a model wrote them, as an object to show: what is not a JSON object is kept under `unparsed`. An empty
 * text means no arguments.
 */
export function readArguments(text: string): Record<string, Json> {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return normaliseJson(value) as Record<string, Json>
    }
    return { unparsed: normaliseJson(value) }
  } catch {
    return { unparsed: normaliseJson(text.slice(0, 2_000)) }
  }
}

/**
 * Runs a tool on arguments a model wrote. Bad arguments and a refused or failed call come back as data; only the
 * signal's abort is thrown.
 */
export async function callTool(
  tool: Tool | undefined,
  call: { name: string; arguments: Record<string, Json>; correlationId: string },
  context: ToolContext,
): Promise<ToolOutcome> {
  const problem = (code: ErrorCode, title: string, detail: string): ToolOutcome => ({
    ok: false,
    problem: { code, title, detail, retryable: false, charged: false, requestId: call.correlationId },
  })
  if (!tool) return problem('not_found', 'No such tool', `There is no tool named ${call.name} for this agent.`)
  const parsed = tool.input.safeParse(call.arguments)
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`)
    return problem('invalid_request', 'The arguments do not fit the tool', issues.join('; '))
  }
  try {
    return { ok: true, result: await tool.run(parsed.data, context) }
  } catch (error) {
    context.signal.throwIfAborted()
    return { ok: false, problem: problemOf(error, call.correlationId) }
  }
}

function problemOf(error: unknown, correlationId: string): ToolProblem {
  const facts = (error ?? {}) as Partial<ToolProblem>
  const code = facts.code !== undefined && facts.code in ERROR_STATUS ? facts.code : 'internal'
  const known = code !== 'internal'
  return {
    code,
    title: facts.title ?? (known ? TITLES[code] : undefined) ?? 'The tool failed',
    // An unexpected error's message may hold internals, so only expected ones are quoted.
    detail: known && error instanceof Error ? (facts.detail ?? error.message) : 'It did not answer as expected.',
    retryable: facts.retryable ?? false,
    charged: facts.charged ?? false,
    requestId: facts.requestId || correlationId,
  }
}

const TITLES: Partial<Record<ErrorCode, string>> = {
  timeout: 'Analytics took too long',
  unavailable: 'Analytics does not answer',
  busy: 'Analytics is busy',
  unprocessable: 'The question cannot be answered on this data',
}
