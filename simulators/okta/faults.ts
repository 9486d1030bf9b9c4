import { isObject } from './call-order.ts'

/**
 * How the keys endpoint behaves: normal, 503, late, 200 with a body that is not a key set, or 200 with a body that
 * never ends.
 */
export type KeysFault = {
  readonly mode: (typeof KEYS_MODES)[number]
  /** For `slow`: how long it waits before it answers normally. Default 5,000. */
  readonly ms?: number
}

/** How issued tokens differ from normal ones. An empty object: they do not. */
export type TokenFault = {
  /** Seconds from `iat` to `exp`; negative for a token that is already expired. Default 3,600. */
  readonly lifetimeSeconds?: number
  /** Claims to add or replace; null removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** How long the token endpoint waits before it answers. Default 0. */
  readonly delayMs?: number
}

/** The faults that apply now. */
export type Faults = { keys: KeysFault; token: TokenFault }

/** No faults. */
export function noFaults(): Faults {
  return { keys: { mode: 'up' }, token: {} }
}

/** Reads a keys fault from JSON; undefined if it is invalid. */
export function parseKeysFault({ mode, ms }: Record<string, unknown>): KeysFault | undefined {
  const known = KEYS_MODES.find(one => one === mode)
  if (known === undefined) return undefined
  if (ms === undefined) return { mode: known }
  return isMilliseconds(ms) ? { mode: known, ms } : undefined
}

/** Reads a token fault from JSON; undefined if it is invalid. */
export function parseTokenFault({
  lifetimeSeconds,
  claims,
  delayMs,
}: Record<string, unknown>): TokenFault | undefined {
  if (lifetimeSeconds !== undefined && !Number.isSafeInteger(lifetimeSeconds)) return undefined
  if (claims !== undefined && !isObject(claims)) return undefined
  if (delayMs !== undefined && !isMilliseconds(delayMs)) return undefined
  return {
    ...(lifetimeSeconds !== undefined && { lifetimeSeconds: Number(lifetimeSeconds) }),
    ...(claims !== undefined && { claims }),
    ...(delayMs !== undefined && { delayMs }),
  }
}

function isMilliseconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

const KEYS_MODES = ['up', 'down', 'slow', 'garbage', 'endless'] as const
