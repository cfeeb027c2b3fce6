/**
 * An id of letters and hyphens for a figure: the part of its key before the colon, with a letter behind it when the id
 * is taken (`saving`, `saving-b`). `taken` tells which are.
 */
export function claimIdFor(figureKey: string, taken: (id: string) => boolean): string {
  const [subject = ''] = figureKey.toLowerCase().split(':')
  const base = subject.replace(/[^a-z]+/g, '-').replace(/^-+|-+$/g, '') || 'figure'
  for (let nth = 0; ; nth++) {
    const id = nth === 0 ? base : `${base}-${letters(nth)}`
    if (!taken(id)) return id
  }
}

/** 1 is b, 25 is z, 26 is ba: counting in letters, so that an id never looks like a figure. */
function letters(nth: number): string {
  const letter = String.fromCharCode(97 + (nth % 26))
  return nth < 26 ? letter : letters(Math.floor(nth / 26)) + letter
}
