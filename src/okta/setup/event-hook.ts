import * as z from 'zod'
import { eventTypes } from '../events.ts'
import { isMarked, MADE_BY, names } from './marks.ts'
import type { OktaApi } from './okta-api.ts'
import type { EventHook, Json } from './org.ts'
import type { Action, Step } from './step.ts'
import type { TargetEventHook } from './target.ts'

/** Needs the scope `okta.eventHooks.manage`. */
export async function readEventHooks(api: OktaApi): Promise<readonly EventHook[]> {
  return (await api.list(PATH)).flatMap(value => parseEventHook(value) ?? [])
}

/** The hook to use: Hookline's own, else one that somebody made for the same address. */
export function chooseEventHook(hooks: readonly EventHook[], url: string | undefined): EventHook | undefined {
  return hooks.find(({ isOurs }) => isOurs) ?? hooks.find(({ uri }) => uri === url)
}

/** What the hook lacks; empty if it is right. Okta does not show its secret, so that is not compared. */
export function eventHookFaults(hook: EventHook, url: string): readonly string[] {
  const { uri } = hook
  const missing = eventTypes.filter(type => !hook.eventTypes.includes(type))
  return [
    ...(uri === url ? [] : [`calls ${url} instead of ${uri}`]),
    ...(missing.length === 0 ? [] : [`also sends ${missing.join(', ')}`]),
  ]
}

/** Create or change it, turn it on, and have Okta verify it. */
export function eventHookSteps(hooks: readonly EventHook[], { url }: TargetEventHook): readonly Step[] {
  const about = { what: 'event hook', needs: 'okta.eventHooks.manage' } as const
  const hook = chooseEventHook(hooks, url)
  const verify: Step = {
    ...about,
    mark: 'verified',
    name: hook?.name ?? names.eventHook,
    sentence: 'Okta sends the address a challenge. If the answer is wrong, Okta sends it no events.',
    action: 'verify event hook',
  }
  if (hook === undefined) {
    const sentence = `Tells ${url} which codes people entered.`
    return [
      { ...about, mark: 'created', name: names.eventHook, sentence, action: 'create event hook' },
      verify,
    ]
  }
  const faults = eventHookFaults(hook, url)
  const owner = hook.isOurs ? {} : ({ isByHand: true } as const)
  const existing = hook.isOurs ? 'exists' : 'adopted'
  const own: Step = {
    ...about,
    ...owner,
    mark: faults.length > 0 ? 'changed' : existing,
    name: hook.name,
    sentence: faults.length > 0 ? `${faults.join('; ')}.` : `Tells ${hook.uri} which codes people entered.`,
    action: faults.length > 0 ? 'change event hook' : undefined,
  }
  const on: Step = {
    ...about,
    ...owner,
    mark: 'turned on',
    name: hook.name,
    sentence: 'It is inactive.',
    action: 'turn on event hook',
  }
  return [own, ...(hook.isActive ? [] : [on]), ...(hook.isVerified && faults.length === 0 ? [] : [verify])]
}

export type EventHookAction = Extract<
  Action,
  'create event hook' | 'change event hook' | 'turn on event hook' | 'verify event hook'
>

/** Performs one step, and returns the hooks as they are afterwards. */
export async function performEventHookStep(
  api: OktaApi,
  action: EventHookAction,
  hooks: readonly EventHook[],
  target: TargetEventHook,
): Promise<readonly EventHook[]> {
  const hook = chooseEventHook(hooks, target.url)
  const answered = await answer()
  const changed = parseEventHook(answered)
  if (changed === undefined) throw new Error("Okta's response is not an event hook.")
  return [...hooks.filter(({ id }) => id !== changed.id), changed]

  function answer(): Promise<unknown> {
    if (hook === undefined) return api.post(PATH, bodyOf(undefined, target))
    switch (action) {
      case 'create event hook':
      case 'change event hook':
        return api.put(`${PATH}/${hook.id}`, bodyOf(hook, target))
      case 'turn on event hook':
        return api.post(`${PATH}/${hook.id}/lifecycle/activate`)
      case 'verify event hook':
        return api.post(`${PATH}/${hook.id}/lifecycle/verify`)
    }
  }
}

/**
 * A hook made by hand keeps its name, description, headers, filter and other events. Hookline's own has no filter: Okta's
 * filters, an early access feature, do not see the factor, so they cannot keep sign-ins by other factors away.
 */
function bodyOf(hook: EventHook | undefined, { url, secret }: TargetEventHook): object {
  const { data } = HOOK.safeParse(hook?.json)
  return {
    name: hook?.name ?? names.eventHook,
    description: hook === undefined || hook.isOurs ? MADE_BY : (data?.description ?? null),
    events: {
      type: 'EVENT_TYPE',
      items: [...new Set([...(hook?.eventTypes ?? []), ...eventTypes])],
      ...(data?.events.filter !== undefined && { filter: data.events.filter }),
    },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri: url,
        headers: data?.channel.config.headers ?? [],
        authScheme: { type: 'HEADER', key: 'Authorization', value: secret.reveal() },
      },
    },
  }
}

function parseEventHook(value: unknown): EventHook | undefined {
  const { data } = HOOK.safeParse(value)
  return (
    data && {
      id: data.id,
      name: data.name,
      isActive: data.status === 'ACTIVE',
      isVerified: data.verificationStatus === 'VERIFIED',
      uri: data.channel.config.uri,
      eventTypes: data.events.items,
      isOurs: isMarked(data.description),
      json: value as Json,
    }
  )
}

const PATH = '/api/v1/eventHooks'

const HOOK = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  status: z.string(),
  verificationStatus: z.string().nullish(),
  events: z.object({ items: z.array(z.string()), filter: z.unknown().optional() }),
  channel: z.object({
    config: z.object({
      uri: z.string(),
      headers: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
    }),
  }),
})
