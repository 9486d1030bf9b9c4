/** The end of a time of this length that begins at `now`: `30m`, `12h`, `7d`. Undefined for any other text. */
export function endAfter(duration: string, now: number): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(duration.trim()) ?? []
  const unitMs = UNITS[unit ?? '']
  return unitMs === undefined ? undefined : now + Number(count) * unitMs
}

/**
 * The end of a day (`friday`, `today`, `2026-12-04`), or a moment (`2026-12-04T17:00`), in UTC unless it names its zone.
 * Undefined for any other text.
 */
export function endAt(text: string, now: number): number | undefined {
  const input = text.trim().toLowerCase()
  const today = Math.floor(now / DAY_MS)
  if (input === 'today') return (today + 1) * DAY_MS
  if (input === 'tomorrow') return (today + 2) * DAY_MS
  const weekday = input.length < 3 ? -1 : WEEKDAYS.findIndex(name => name.startsWith(input))
  if (weekday >= 0) return (today + ((weekday - new Date(now).getUTCDay() + 7) % 7) + 1) * DAY_MS
  const [, date, time = '24:00', zone = 'Z'] = ISO_TIME.exec(text.trim().toUpperCase()) ?? []
  const at = date === undefined || !isDay(date) ? Number.NaN : Date.parse(`${date}T${time}${zone}`)
  return Number.isFinite(at) ? at : undefined
}

/** Whether an override may end then: within the next 366 days. */
export function isEnd(end: number, now: number): boolean {
  return end > now && end <= now + 366 * DAY_MS
}

/** `Date.parse` reads the 31st of February as the 3rd of March. */
function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(date)
}

const DAY_MS = 86_400_000
const UNITS: Readonly<Record<string, number | undefined>> = {
  __proto__: null as never,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
}
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const ISO_TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?(Z|[+-]\d\d:\d\d)?)?$/
