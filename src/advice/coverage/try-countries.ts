import type { Attempt } from '../../core/deliver/ports.ts'
import type { Editor, PolicyStore } from '../../core/policy/policy-store.ts'
import { nameOfRefused, nameOfRoute } from '../../core/policy/routing-policy.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import type { CountryToTry, DryRunAnswer } from './dry-runs.ts'

/** A text that AWS checks and never sends. Source: SendTextMessage, `DryRun`. */
export type DryRuns = {
  /** Rejects with AWS's own errors where they are not about the message: credentials, region, network. */
  readonly run: (attempt: Attempt) => Promise<DryRunAnswer>
  readonly close: () => void
}

/** One identity in one country, and what AWS answered. */
export type Tried = {
  readonly country: CountryCode
  readonly route: CountryToTry['route']
  /** The country that the route is for; `*` is the default route. */
  readonly of: CountryToTry['of'] | null
  readonly destination: CountryToTry['destination']
  readonly identity: string | null
  readonly region: string | null
  readonly result: 'no objection' | 'refused' | 'not tried'
  readonly detail: string | null
  readonly why: string | null
}

type TryParts = Pick<DryRuns, 'run'> & {
  readonly now: () => number
  readonly pause: (ms: number) => Promise<void>
}

/** One after the other, five a second at most: AWS's limit for dry runs. Reports each result as it comes. */
export async function tryCountries(
  countries: readonly CountryToTry[],
  { run, now, pause }: TryParts,
  report: (tried: Tried) => void,
): Promise<void> {
  let next = now()
  for (const { country, route, of, destination, attempts, why } of countries) {
    const head = { country, route, of: of ?? null, destination }
    if (why !== undefined)
      report({ ...head, identity: null, region: null, result: 'not tried', detail: null, why })
    for (const attempt of attempts) {
      await pause(Math.max(0, next - now()))
      next = now() + PAUSE_MS
      const answer = await run(attempt)
      const { identity, region: own } = attempt.candidate
      const from = { ...head, identity, region: own ?? null, result: answer.kind }
      report(
        answer.kind === 'refused'
          ? { ...from, detail: answer.detail, why: answer.why }
          : { ...from, detail: null, why: null },
      )
    }
  }
}

/** Shares of routes never move towards an identity that AWS refuses; a later trial without an objection ends that. */
export async function noteRefused(
  store: Pick<PolicyStore, 'readPolicy' | 'saveRoutingPolicy'>,
  tried: readonly Tried[],
  by: Editor,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { routing } = (await store.readPolicy()) ?? {}
    if (routing === undefined) return
    const refused: Record<string, number> = { ...routing.refused }
    for (const { country, identity, result } of tried) {
      if (identity === null || result === 'not tried') continue
      const name = nameOfRefused(nameOfRoute(country, 'sms'), identity)
      if (result === 'refused') refused[name] ??= by.at
      else delete refused[name]
    }
    const isSame = Object.keys(refused).toSorted().join() === Object.keys(routing.refused).toSorted().join()
    if (isSame) return
    if (await store.saveRoutingPolicy({ ...routing, refused }, by, routing.version)) return
  }
  throw new Error('store: others changed the shares of routes at the same moment each time; try again')
}

/** Whether a route is at fault. The route of a neighbour does not have to serve the country. */
export function isObjection({ route, result }: Tried): boolean {
  return result !== 'no objection' && route !== 'neighbour'
}

export function routeOf({ route, of }: Pick<Tried, 'route' | 'of'>): string {
  switch (route) {
    case 'own':
      return 'own'
    case 'default':
      return 'default'
    case 'neighbour':
      return `none; of ${of}`
    case 'none':
      return 'none'
  }
}

export function describeAnswer({ result, detail, why }: Pick<Tried, 'result' | 'detail' | 'why'>): string {
  switch (result) {
    case 'no objection':
      return 'did not object'
    case 'refused':
      return `refused: ${detail}. ${why}`
    case 'not tried':
      return `not tried. ${why}`
  }
}

/** Shares move once a minute at most. */
const ATTEMPTS_MAX = 5
/** 220 ms: five a second with room for a clock that jitters. */
const PAUSE_MS = 220
export const MEANING =
  'What AWS checks in a dry run is not documented, so "did not object" does not mean that a text will arrive. Calls have no free dry run and were not tried.'
