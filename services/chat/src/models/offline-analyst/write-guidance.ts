import type { Dossier } from '../../agents/reporter.ts'

/** What to connect and exactly how, when the data does not answer the question. */
export function writeGuidance({ dataHelp, triage, unknowns, sufficiency }: Dossier): string[] {
  const asked = triage.intents.some((intent) => intent !== 'data_help')
  const lead = asked && sufficiency === 'insufficient' ? 'This cannot be answered yet. ' : ''
  const steps = dataHelp?.steps ?? []
  return [
    `${lead}${dataHelp?.summary ?? 'There is no usage data that answers the question.'}`,
    ...(steps.length > 0 ? ['## What to connect'] : []),
    ...steps.map(({ what, why, how }) => `**${what}.** ${why}\n\n${how.map((step) => `- ${step}`).join('\n')}`),
    ...(unknowns.length > 0 && asked
      ? ['## What is not known', unknowns.map((sentence) => `- ${sentence}`).join('\n')]
      : []),
    '## Next steps',
    nextSteps(asked, steps[0]?.how[0]),
  ]
}

function nextSteps(asked: boolean, first: string | undefined): string {
  return [
    `1. ${first ?? 'Import a file of your calls.'}`,
    asked
      ? '2. Ask the same question again; it is answered as soon as the import is committed.'
      : '2. Ask where the money goes.',
  ].join('\n')
}
