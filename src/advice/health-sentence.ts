import { type Figures, percentile } from '../core/records/stats.ts'

/** How it goes, in one sentence: `level` says whether somebody should look. */
export type Health = { readonly level: 'good' | 'warn' | 'bad' | 'none'; readonly sentence: string }

/**
 * Health from figures. `since`: how the sentence names the time, such as `since midnight`. Without any answer it is unknown
 * whether people entered their codes: Okta's events may not be set up.
 */
export function describeHealth(figures: Figures, since: string): Health {
  const { asked, sent, answered } = figures
  if (asked === 0) return { level: 'none', sentence: `No code was asked for ${since}.` }
  const out =
    sent === asked
      ? asked === 1
        ? `The one code ${since} went out`
        : `All ${counted(asked)} codes ${since} went out`
      : `${counted(sent)} of ${counted(asked)} codes ${since} went out, ${counted(asked - sent)} did not`
  const median = percentile(figures, 0.5)
  const used =
    answered === 0 || median === undefined
      ? 'whether they were entered is not known'
      : `${percent(answered, sent)} were answered, half of them within ${Math.round(median / 1_000)} s`
  return { level: levelOf(figures), sentence: `${out}; ${used}.` }
}

/** Below these shares somebody should look; a few codes prove nothing. */
function levelOf({ asked, sent, answered }: Figures): Health['level'] {
  if (asked >= ENOUGH && sent < asked * SENT_BAD) return 'bad'
  if (asked >= ENOUGH && sent < asked * SENT_GOOD) return 'warn'
  if (answered > 0 && sent >= ENOUGH && answered < sent * ANSWERED_GOOD) return 'warn'
  return 'good'
}

/** `1,204`, in English whatever the machine's language. */
export function counted(value: number): string {
  return value.toLocaleString('en')
}

/** `94 %`; empty for a share of nothing. 100 % only if it is all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return ''
  const share = Math.round((100 * part) / whole)
  return `${part < whole ? Math.min(share, 99) : share} %`
}

const ENOUGH = 20
const SENT_BAD = 0.8
const SENT_GOOD = 0.95
const ANSWERED_GOOD = 0.5
