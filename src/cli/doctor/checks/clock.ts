import { defineCheck } from '../check.ts'
import type { ClockReading } from '../facts.ts'

export const clockCheck = defineCheck({
  name: 'clock',
  sentence: "This machine's clock agrees with Okta's and AWS's to the minute.",
  severity: 'error',
  remedy: 'Set the clock of this machine by a time server (NTP).',
  needs: ['clocks'],
  judge: ({ clocks }) => {
    const wrong = clocks.filter(({ aheadMs }) => Math.abs(aheadMs) > APART_MAX_MS)
    const [first] = wrong
    if (first === undefined) return []
    const agreeing = clocks.filter(one => !wrong.includes(one)).map(({ who }) => who)
    const sides = wrong.map(describe).join(', ')
    const others = agreeing.length === 0 ? '' : `, and agrees with ${agreeing.join(' and ')}`
    return [
      {
        cause: `This machine's clock is ${sides}${others}: access tokens seem too old or from the future, and AWS refuses signatures.`,
        ...(agreeing.length > 0 && {
          remedy: `Compare this machine's clock with a time server (NTP); if it is right, wait for ${first.who}, or look for a proxy in between.`,
        }),
      },
    ]
  },
  detail: ({ clocks }) =>
    `Apart: ${clocks.map(({ who, aheadMs }) => `${who} ${(aheadMs / 1000).toFixed(1)} s`).join(', ')}.`,
})

function describe({ who, aheadMs }: ClockReading): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  const apart = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`
  return `${apart} ${aheadMs > 0 ? 'behind' : 'ahead of'} that of ${who}`
}

const APART_MAX_MS = 60_000
