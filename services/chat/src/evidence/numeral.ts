/** A stretch of a text, end exclusive, in UTF-16 units. */
export type TextRange = { start: number; end: number }

/** A quantity as it stands in a text: in digits (or any other number character) or as a word. */
export type Numeral = TextRange & { text: string; form: 'digits' | 'word' }

const DIGITS = /[\p{N}一二三四五六七八九十百千万亿]+(?:[.,'’]\p{N}+)*/gu

const CARDINAL =
  'zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|' +
  'eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|' +
  'trillions?|dozens?'
const PART = 'third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth'
const AFTER_PART = '\\s+(?:of|less|more|lower|higher|cheaper|off|fewer|as|again)\\b|\\s*(?:[.,;:!?)]|$)'

/**
 * Words that state a quantity. Ordinals ("the third step") and "one", which is mostly a pronoun, are left alone;
 * "one percent", "a third of", "twice" and "tenfold" are not.
 */
const WORDS = new RegExp(
  [
    `\\b(?:${CARDINAL})(?:[\\s-](?:and[\\s-])?(?:one|${CARDINAL}))*\\b`,
    '\\bone(?=[\\s-]*(?:%|per\\s?cent\\b|in\\s+\\w+\\b\\s+(?:calls?|requests?|tokens?)))',
    `\\b(?:an?|one)[\\s-](?:${PART})(?=${AFTER_PART})`,
    '\\bhal(?:f|ves)\\b',
    `\\b(?:${PART})s(?=${AFTER_PART})`,
    '\\b(?:twice|thrice|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|quadrupl(?:e|es|ed|ing)|halv(?:e|es|ed|ing))\\b(?!-)',
    `\\b(?:one|${CARDINAL})-?fold\\b`,
  ].join('|'),
  'giu',
)

/** Every quantity in a text, in order of place; what counts as covered is for others to say. */
export function findNumerals(text: string): Numeral[] {
  return [...matches(text, DIGITS, 'digits'), ...matches(text, WORDS, 'word')].sort((a, b) => a.start - b.start)
}

function matches(text: string, pattern: RegExp, form: Numeral['form']): Numeral[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
    form,
  }))
}
