/** The exact sum of two decimal strings, with as many places as the longer one. */
export function addDecimals(left: string, right: string): string {
  const places = Math.max(placesOf(left), placesOf(right))
  const sum = scaled(left, places) + scaled(right, places)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0')
  const body = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return sum < 0n ? `-${body}` : body
}

function placesOf(value: string): number {
  return value.split('.')[1]?.length ?? 0
}

function scaled(value: string, places: number): bigint {
  const [whole = '0', fraction = ''] = value.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}
