import { Problem } from '../terminal/problem.ts'

export type UntilOptions = { readonly for?: string; readonly until?: string }

/**
 * When an override ends: `--for 7d`, or `--until` a day (its end, UTC) or a time. Default: in seven days; at most in 366.
 * Milliseconds since 1970.
 */
export function readUntil({ for: duration, until }: UntilOptions, now: number): number {
  if (duration !== undefined && until !== undefined)
    throw new Problem('usage', 'Give --for or --until, not both.')
  const end = until === undefined ? now + durationOf(duration ?? '7d') : timeOf(until, now)
  if (end > now && end <= now + 366 * DAY_MS) return end
  const [option, input] = until === undefined ? ['--for', duration] : ['--until', until]
  throw new Problem('usage', `${option} is "${input}"; expected a time within the next 366 days.`)
}

function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text.trim()) ?? []
  const unitMs = UNITS[unit ?? '']
  if (unitMs !== undefined) return Number(count) * unitMs
  throw new Problem('usage', `--for is "${text}"; expected minutes, hours or days: 30m, 12h, 7d.`)
}

function timeOf(text: string, now: number): number {
  const input = text.trim().toLowerCase()
  const today = Math.floor(now / DAY_MS)
  if (input === 'today') return (today + 1) * DAY_MS
  if (input === 'tomorrow') return (today + 2) * DAY_MS
  const weekday = input.length < 3 ? -1 : WEEKDAYS.findIndex(name => name.startsWith(input))
  if (weekday >= 0) return (today + ((weekday - new Date(now).getUTCDay() + 7) % 7) + 1) * DAY_MS
  const [, date, time = '24:00', zone = 'Z'] = ISO_TIME.exec(text.trim().toUpperCase()) ?? []
  const at = date === undefined || !isDay(date) ? Number.NaN : Date.parse(`${date}T${time}${zone}`)
  if (Number.isFinite(at)) return at
  throw new Problem(
    'usage',
    `--until is "${text}"; expected a weekday, a day (2026-12-04), or a time in UTC (2026-12-04T17:00).`,
  )
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
