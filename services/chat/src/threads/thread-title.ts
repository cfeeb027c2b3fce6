const MAX_TITLE_LENGTH = 60

/** A title from a first message: its first line with words, cut at a word within 60 characters. */
export function automaticTitle(text: string): string {
  const line = text
    .split('\n')
    .map((each) =>
      each
        .replace(/^[#>*\-\s]+/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .find((each) => each.length > 0)
  if (!line) return 'New conversation'
  if (line.length <= MAX_TITLE_LENGTH) return line
  const cut = line.slice(0, MAX_TITLE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')
  const lastBlank = cut.lastIndexOf(' ')
  return `${(lastBlank > MAX_TITLE_LENGTH / 2 ? cut.slice(0, lastBlank) : cut).trimEnd()}…`
}
