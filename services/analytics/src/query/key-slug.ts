/** Makes parts of figure keys from values of any spelling; the same value gets the same part, different ones never share. */
export class KeySlugs {
  readonly #slugs = new Map<string, string>()
  readonly #taken = new Set<string>()

  of(value: string): string {
    const known = this.#slugs.get(value)
    if (known) return known
    const base = slugOf(value)
    let slug = base
    for (let copy = 2; this.#taken.has(slug); copy += 1) slug = `${base}-${copy}`
    this.#slugs.set(value, slug)
    this.#taken.add(slug)
    return slug
  }
}

function slugOf(value: string): string {
  if (value === '') return 'none'
  return value.replaceAll(/[^a-zA-Z0-9._/-]+/g, '-').slice(0, 80) || 'value'
}
