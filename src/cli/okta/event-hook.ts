import { randomUUID } from 'node:crypto'
import { readBoundedText } from '../../core/values/bounded-text.ts'
import { messageOf } from '../../core/values/printable.ts'
import { Secret } from '../../core/values/secret.ts'
import { readEventHooks } from '../../okta/setup/event-hook.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { EventHook } from '../../okta/setup/org.ts'
import type { TargetEventHook } from '../../okta/setup/target.ts'
import type { OktaContext } from '../terminal/context.ts'
import { readTextFile } from '../terminal/files.ts'
import { checkSecret } from './credential.ts'
import { readHookUrl } from './reach.ts'

export type EventHookOptions = {
  readonly org: string
  /** Default: derived from the hook's address. */
  readonly eventsUrl?: string
  readonly eventSecretFile?: string
}

/** The event hook that a set-up makes, or the reason why it makes none: codes are sent without it. */
export type EventHookPlan =
  | {
      readonly kind: 'planned'
      readonly target: TargetEventHook
      readonly hooks: readonly EventHook[]
      /** With the scope that only event hooks need. */
      readonly api: OktaApi
    }
  | { readonly kind: 'skipped'; readonly why: string }

export async function planEventHook(
  context: OktaContext,
  options: EventHookOptions,
  hookUrl: string,
  optionally: ReadOptional,
): Promise<EventHookPlan> {
  const secret = await readEventSecret(context, options.eventSecretFile)
  if (secret === undefined) return { kind: 'skipped', why: NO_SECRET }
  const url =
    options.eventsUrl === undefined
      ? eventsUrlOf(hookUrl)
      : readHookUrl(options.eventsUrl, options.org, '--events-url')
  const problem = await challenge(url)
  if (problem !== undefined) return { kind: 'skipped', why: `${url} ${problem}` }
  const read = await optionally('okta.eventHooks.manage', async api => ({
    api,
    hooks: await readEventHooks(api),
  }))
  return read.kind === 'skipped' ? read : { kind: 'planned', target: { url, secret }, ...read.value }
}

/** Beside the hook, as `serve` and a deployment have it: `/mfa` and `/events/okta`. */
export function eventsUrlOf(hookUrl: string): string {
  return new URL('events/okta', hookUrl).href
}

/** The secret of the file, else of the environment. Never from an argument. */
async function readEventSecret(context: OktaContext, file: string | undefined): Promise<Secret | undefined> {
  const secret =
    file === undefined ? context.okta.eventSecret() : new Secret((await readTextFile(file)).trim())
  return secret && checkSecret(secret, "event hook's secret", 'HOOKLINE_EVENT_SECRETS')
}

/** Undefined if the address answers a challenge as Okta's own; else what it did. */
async function challenge(url: string): Promise<string | undefined> {
  const value = randomUUID()
  try {
    const response = await fetch(url, {
      headers: { 'x-okta-verification-challenge': value },
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    const text = await readBoundedText(response.body, ANSWER_MAX_BYTES)
    if (response.status === 200 && text.includes(value)) return undefined
    return `answered ${response.status} to a challenge of an event hook. Does the deployment have HOOKLINE_EVENT_SECRETS?`
  } catch (error) {
    return `does not answer a challenge of an event hook: ${messageOf(error)}`
  }
}

const NO_SECRET =
  'HOOKLINE_EVENT_SECRETS is not set, so Hookline does not learn which codes people entered (docs/okta.md#codes-that-people-entered)'
/** How long Okta waits. */
const LIMIT_MS = 3_000
const ANSWER_MAX_BYTES = 10_000
