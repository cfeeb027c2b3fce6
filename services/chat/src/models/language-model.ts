import type { LanguageModelV4, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { ModelUsage } from '@apex/protocol/agent'

/** The one interface through which agents reach a model: that of the `ai` package, version 4. */
export type LanguageModel = LanguageModelV4

/** The model id of the rule-based analyst that works without any provider. */
export const OFFLINE_ANALYST = 'offline-analyst'
export const OFFLINE_PROVIDER = 'apex'

/** Whether a model is the rule-based analyst; its work is labelled wherever it is shown. */
export function isOffline(model: Pick<LanguageModel, 'modelId' | 'provider'>): boolean {
  return model.modelId === OFFLINE_ANALYST && model.provider === OFFLINE_PROVIDER
}

/** What one model call used; its cost is unknown (null) unless the model is free by nature. */
export function modelUsage(model: LanguageModel, usage: LanguageModelV4Usage | undefined): ModelUsage {
  return {
    provider: model.provider,
    model: model.modelId,
    inputTokens: usage?.inputTokens.total ?? null,
    outputTokens: usage?.outputTokens.total ?? null,
    costUsd: isOffline(model) ? '0' : null,
  }
}
