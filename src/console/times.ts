import { type Html, html } from './page.ts'

/** Midnight at the begin of the day of this moment, in the time zone; also on days with 23 or 25 hours. */
export function startOfDay(now: number, timeZone: string): number {
  const { day, hour, minute, second } = clockOf(now, timeZone)
  const guess = now - (now % 1_000) - ((hour * 60 + minute) * 60 + second) * 1_000
  // Off by the hour by which the clock was changed since midnight.
  return (
    [guess, guess - HOUR_MS, guess + HOUR_MS].find(at => {
      const clock = clockOf(at, timeZone)
      return clock.day === day && clock.hour === 0 && clock.minute === 0
    }) ?? guess
  )
}

/** A time of the day, with the date unless it is today. */
export function time(at: number, now: number, timeZone: string): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${clockText(at, now, timeZone)}</time>`
}

export function clockText(at: number, now: number, timeZone: string): string {
  const { day, hour, minute, second } = clockOf(at, timeZone)
  const text = [hour, minute, second].map(twoDigits).join(':')
  return day === clockOf(now, timeZone).day ? text : `${day} ${text}`
}

type Clock = { readonly day: string; readonly hour: number; readonly minute: number; readonly second: number }

function clockOf(at: number, timeZone: string): Clock {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const [year, month, date] = (['year', 'month', 'day'] as const).map(type => parts.get(type) ?? '')
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type))
  return {
    day: `${year}-${month}-${date}`,
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
  }
}

/** Making one takes longer than a page. */
const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  })
  formats.set(timeZone, format)
  return format
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

const HOUR_MS = 3_600_000
