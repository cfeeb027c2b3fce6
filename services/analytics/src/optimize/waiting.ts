/** Whether somebody waits for the answer of a call, as far as its labels tell. */
export type Waiting = 'interactive' | 'unattended' | 'unknown'

export type CallLabels = { environment: string; service: string; feature: string; conversation: boolean }

const UNATTENDED =
  /(^|[^a-z])(batch|nightly|night|cron|job|jobs|offline|backfill|etl|scheduled|bulk|pipeline|digest|report|reports|indexing|enrichment|eval|evals|evaluation|classification|tagging)([^a-z]|$)/i
const INTERACTIVE =
  /(^|[^a-z])(chat|chatbot|assistant|support|copilot|autocomplete|interactive|realtime|live|voice|agent|search|web|app)([^a-z]|$)/i

/** Judges by names only: a name of unattended work outweighs one of interactive work; a conversation means a person. */
export function waitingOf({ environment, service, feature, conversation }: CallLabels): Waiting {
  const names = [feature, service, environment]
  if (names.some((name) => UNATTENDED.test(name))) return 'unattended'
  if (conversation || names.some((name) => INTERACTIVE.test(name))) return 'interactive'
  return 'unknown'
}

/** The ClickHouse expressions of the labels that are judged. */
export const LABEL_COLUMNS = {
  environment: 'environment',
  service: 'service',
  feature: 'feature',
  conversation: "conversation != ''",
}

/** A group's key as labels. */
export function labelsOf(key: Record<keyof typeof LABEL_COLUMNS, string>): CallLabels {
  return {
    environment: key.environment,
    service: key.service,
    feature: key.feature,
    conversation: key.conversation === '1' || key.conversation === 'true',
  }
}
