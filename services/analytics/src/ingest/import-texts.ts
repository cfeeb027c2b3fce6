import type { ImportCounts } from './import-store.ts'
import type { FileSummary } from './read-file.ts'

/** What a person should know of how an import ended; null when it simply went well. */
export function finishedText({ summary, counts }: { summary: FileSummary; counts: ImportCounts }): string | null {
  if (summary.damage?.kind === 'corrupt') {
    return `The content of the file cannot be believed: ${summary.damage.message}. None of it counts. Fetch the file again and import that.`
  }
  if (counts.accepted === 0 && counts.duplicates === 0) {
    return `None of the ${counts.rejected} lines could be read as a call; the rejects say why, line by line.`
  }
  if (!summary.damage) return null
  return (
    `The file is cut off: ${summary.damage.message}. The ${counts.accepted} good calls before that place (line ${summary.lastLine}) were kept and count; ` +
    'what followed is missing. Before you import the whole file, take this import back, or its calls count twice.'
  )
}

/** What a person should know when a file adds nothing. */
export function duplicateText(holder: string): string {
  return `This file was imported before, as import ${holder}, so nothing was added. To import it with other options, take that import back first.`
}
