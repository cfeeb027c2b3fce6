const NAME = /(?<![\p{L}\p{N}])\p{L}[\p{L}\p{N}]*(?:[-._/:@][\p{L}\p{N}]+)*/gu

/** Names with a digit in a text, such as `gpt-4o`: they begin with a letter and hold no space. */
export function identifiersIn(text: string): string[] {
  return (text.match(NAME) ?? []).filter((name) => /\p{N}/u.test(name))
}
