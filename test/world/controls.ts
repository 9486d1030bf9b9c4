import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { usNumber } from '../support/numbers.ts'
import type { Ended } from './processes.ts'
import { runHookline } from './run-hookline.ts'

/** Everything that Hookline talks to, in this process and on loopback. Ends with `await using`. */
export type World = AsyncDisposable & {
  /** The working folder of commands; deleted afterwards. */
  readonly folder: string
  readonly dataFolder: string
  /** The address of the carrier's stand-in. */
  readonly carrier: string
  /** The environment of `hookline`'s commands in this world. */
  readonly env: Variables
  /** Runs a command in this process, to its end. */
  readonly hookline: (args: readonly string[], changed?: Variables) => Promise<Ended>
  /** The same, for a command that must succeed; resolves to its output. */
  readonly printed: (...args: readonly string[]) => Promise<string>
  readonly importRoutes: (routes: object) => Promise<void>
  /** Restores the initial state: an empty store, the default account and no faults. */
  readonly reset: () => Promise<void>
  /** A call of the carrier's stand-in, such as `PUT /events`. */
  readonly callCarrier: (method: string, path: string, body?: object) => Promise<unknown>
  /** The carrier's messages, oldest first. */
  readonly messages: () => Promise<readonly Message[]>
  /** The same, and deletes them. */
  readonly takeMessages: () => Promise<readonly Message[]>
  /** Adds a fault rule to the carrier. */
  readonly armFault: (rule: object) => Promise<void>
  /** How many times the fault rules have applied; removes them. */
  readonly takeFaultCount: () => Promise<number>
}

/** A message as the carrier's stand-in lists it. */
export type Message = Readonly<Record<string, unknown>> & {
  readonly messageId: string
  readonly to: string
  readonly from: string
  readonly body: string
  readonly finalEvent?: string
  readonly context?: Readonly<Record<string, string>>
}

/** A world in which Okta can request codes. */
export type CallingWorld = World & {
  readonly okta: Okta
  /** The options by which `send` finds the stand-ins. */
  readonly addresses: readonly string[]
}

/** With one hook, in this process or deployed. */
export type HookWorld = CallingWorld & {
  readonly hookUrl: string
  /** Acts as Okta, for another user and number each time unless the order names them. */
  readonly call: (order?: CallOrder) => Promise<CallResult>
  /** Posts any body to the hook, with a valid access token unless the headers have another. */
  readonly post: (body: string, headers?: Variables) => Promise<Response>
}

type Variables = Readonly<Record<string, string>>

/** Okta's calls of one hook. */
export function callsTo(okta: Okta, hookUrl: string): Pick<HookWorld, 'hookUrl' | 'call' | 'post'> {
  okta.setHookUrl(hookUrl)
  let orders = 0
  return {
    hookUrl,
    call: order => {
      orders += 1
      const user = { userId: `00utest${orders}`, login: `user${orders}@example.com` }
      return okta.call({ to: usNumber(orders), user, ...order })
    },
    post: async (body, headers) => {
      const authorization = headers?.authorization ?? `Bearer ${await goodToken(okta)}`
      const all = { 'content-type': 'application/json', ...headers, authorization }
      return fetch(hookUrl, { method: 'POST', body, headers: all })
    },
  }
}

export async function goodToken(okta: Pick<Okta, 'fetchToken'>): Promise<string> {
  const token = await okta.fetchToken()
  if (token.kind !== 'token') throw new Error(token.reason)
  return token.accessToken
}

export function commandsIn(
  env: Variables,
  folder: string,
): Pick<World, 'hookline' | 'printed' | 'importRoutes'> {
  const hookline: World['hookline'] = (args, changed = {}) =>
    runHookline(args, { env: { ...env, ...changed }, cwd: folder })
  const printed: World['printed'] = async (...args) => {
    const { code, stdout, stderr } = await hookline(args)
    if (code !== 0 || stderr !== '') throw new Error(`hookline ${args.join(' ')}: ${code} ${stderr}${stdout}`)
    return stdout
  }
  return {
    hookline,
    printed,
    importRoutes: async routes => {
      const file = join(folder, 'routes.json')
      writeFileSync(file, JSON.stringify(routes))
      await printed('routes', 'import', file)
    },
  }
}

type CarrierOfWorld = Pick<World, 'callCarrier' | 'messages' | 'takeMessages' | 'armFault' | 'takeFaultCount'>

export function carrierAt(url: string): CarrierOfWorld {
  const callCarrier: World['callCarrier'] = async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${url}${path}`, { method, ...init })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const messages = async () => (await callCarrier('GET', '/messages')) as readonly Message[]
  return {
    callCarrier,
    messages,
    takeMessages: async () => {
      const arrived = await messages()
      await callCarrier('DELETE', '/messages')
      return arrived
    },
    armFault: async rule => void (await callCarrier('POST', '/faults', rule)),
    takeFaultCount: async () => {
      const rules = (await callCarrier('GET', '/faults')) as readonly { readonly used: number }[]
      await callCarrier('DELETE', '/faults')
      return rules.reduce((sum, { used }) => sum + used, 0)
    },
  }
}
