import { z } from 'zod'
import { Claim, FigureSpan } from './claim.ts'
import { Id, Instant } from './id.ts'
import { Text } from './text.ts'

/** full: answered from sufficient data; partial: with stated gaps; guidance: what to connect; fallback: the rest. */
export const ReportKind = z.enum(['full', 'partial', 'guidance', 'fallback'])
export type ReportKind = z.output<typeof ReportKind>

/** A published report: Markdown whose every figure is a span bound to a claim. */
export const Report = z.object({
  runId: Id,
  threadId: Id,
  messageId: Id,
  kind: ReportKind,
  title: Text,
  text: Text,
  figures: z.array(FigureSpan),
  claims: z.array(Claim),
  /** What the report could not know. */
  unknowns: z.array(Text),
  nextSteps: z.array(Text),
  /** Who wrote it: a model's name, or `offline-analyst`. */
  model: z.string(),
  /** Whether the rule-based offline analyst wrote it; shown as a label wherever the report is. */
  offline: z.boolean(),
  /** Whether generated sample data is in it; shown as a label. */
  containsSampleData: z.boolean(),
  publishedAt: Instant,
})
export type Report = z.output<typeof Report>
