import type { Bucket, Dimension } from '@apex/protocol/question'
import type { Intent } from '../../agents/triage.ts'
import { findIntents, isAboutUsage } from './find-intents.ts'
import { findBucket, findDimensions, findGoal, keepsLatency, keepsModels } from './find-limits.ts'
import { findMentions, findModels, type Mention } from './find-mentions.ts'
import { findTimeRange, type TimeRange } from './find-time-range.ts'
import { mendWords } from './vocabulary.ts'

/** What the rules read out of a question, before the data is asked which names exist. */
export type Understanding = {
  intents: Intent[]
  goal: { share: number; words: string } | null
  keepModels: boolean
  keepLatency: boolean
  dimensions: Dimension[]
  bucket: Bucket | null
  mentions: Mention[]
  models: { named: string[]; to: string | null }
  range: TimeRange | null
  brief: boolean
}

export type QuestionSetting = {
  /** Earlier questions of the same person, oldest first. */
  earlier: readonly string[]
  now: Date
  covered: { from: string; to: string } | null
}

/** The rules read a question of more characters than this at its two ends only: what they cost grows faster than it. */
export const READ_CHARS = 2_000

/** Understands a question by rules; one that only continues an earlier turn takes over what that turn wanted. */
export function understandQuestion(whole: string, setting: QuestionSetting): Understanding {
  const question = bothEnds(whole)
  const own = read(question, setting)
  if (own.intents.length > 0 && !isAddition(question)) return own
  const before = setting.earlier.at(-1)
  if (before !== undefined && (isFollowUp(question, own) || isAddition(question))) {
    return merge(understandQuestion(before, { ...setting, earlier: setting.earlier.slice(0, -1) }), own)
  }
  if (own.intents.length > 0) return own
  return {
    ...own,
    intents: isAboutUsage(mendWords(question)) || namesSomething(own) ? ['where_money'] : ['out_of_scope'],
  }
}

function bothEnds(question: string): string {
  if (question.length <= READ_CHARS) return question
  return `${question.slice(0, READ_CHARS / 2)}\n${question.slice(-READ_CHARS / 2)}`
}

function read(question: string, { now, covered }: QuestionSetting): Understanding {
  const mended = mendWords(question)
  const intents = findIntents(mended)
  return {
    intents,
    goal: findGoal(mended),
    keepModels: keepsModels(mended),
    keepLatency: keepsLatency(mended),
    dimensions: findDimensions(mended),
    bucket: findBucket(mended),
    mentions: findMentions(question),
    models: findModels(question),
    range: findTimeRange(mended, now, covered),
    brief: intents.length === 1 && (intents[0] === 'cost_total' || intents[0] === 'greeting'),
  }
}

function namesSomething({ mentions, models, range, dimensions }: Understanding): boolean {
  return mentions.length > 0 || models.named.length > 0 || range !== null || dimensions.length > 0
}

function isAddition(question: string): boolean {
  return /^\s*(?:and|but|only|just|now|what about|how about|same|also|then)\b/i.test(question)
}

/** Short, without a wish of its own, and naming something: `only the checkout service`, `in June?`. */
function isFollowUp(question: string, own: Understanding): boolean {
  return own.intents.length === 0 && question.trim().split(/\s+/).length <= 10 && namesSomething(own)
}

/** The earlier wish with what the new turn adds or replaces. */
function merge(before: Understanding, own: Understanding): Understanding {
  const changesTopic = own.intents.length > 0
  return {
    intents: changesTopic ? own.intents : before.intents,
    goal: own.goal ?? (changesTopic ? null : before.goal),
    keepModels: own.keepModels || before.keepModels,
    keepLatency: own.keepLatency || before.keepLatency,
    dimensions: own.dimensions.length > 0 ? own.dimensions : before.dimensions,
    bucket: own.bucket ?? before.bucket,
    mentions: own.mentions.length > 0 ? own.mentions : before.mentions,
    models: own.models.named.length > 0 ? own.models : before.models,
    range: own.range ?? before.range,
    brief: changesTopic ? own.brief : before.brief,
  }
}
