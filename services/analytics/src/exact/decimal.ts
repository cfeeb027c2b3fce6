const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/** Reads decimal text (`0.003625`, `5e-7`) as an integer of `10^-scale`; undefined when it is not exact at that scale. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const found = DECIMAL.exec(text)
  if (!found) return undefined
  const [, sign, whole = '0', fraction = '', exponent = '0'] = found
  const shift = scale - fraction.length + Number(exponent)
  const digits = BigInt(whole + fraction)
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : exactQuotient(digits, 10n ** BigInt(-shift))
  return value === undefined ? undefined : sign === '-' ? -value : value
}

/** An integer of `10^-scale` as decimal text without needless zeros. */
export function formatDecimal(value: bigint, scale: number): string {
  const negative = value < 0n
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

/** Integer division rounded to the nearest, a half to the even neighbour; the divisor is positive. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const rest = dividend % divisor
  const twice = (rest < 0n ? -rest : rest) * 2n
  const away = twice > divisor || (twice === divisor && quotient % 2n !== 0n)
  if (!away) return quotient
  return dividend < 0n ? quotient - 1n : quotient + 1n
}

/** `dividend / divisor` as decimal text with at most `places` digits after the point; undefined for a zero divisor. */
export function quotientText(dividend: bigint, divisor: bigint, places = 12): string | undefined {
  if (divisor === 0n) return undefined
  const [over, under] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor]
  return formatDecimal(divideHalfEven(over * 10n ** BigInt(places), under), places)
}

function exactQuotient(dividend: bigint, divisor: bigint): bigint | undefined {
  return dividend % divisor === 0n ? dividend / divisor : undefined
}
