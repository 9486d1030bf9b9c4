import { untilAborted } from '../../core/deliver/deadline.ts'
import { messageOf } from '../../core/values/printable.ts'
import { choose } from '../../okta/setup/choose.ts'
import type { OktaApi } from '../../okta/setup/okta-api.ts'
import type { Org, PhoneAuthenticator, TelephonyHook } from '../../okta/setup/org.ts'
import { setAllowedFor, switchHook } from '../../okta/setup/perform.ts'
import { readPhone, readTelephonyHooks } from '../../okta/setup/read-org.ts'
import type { TargetState } from '../../okta/setup/target.ts'
import type { OktaContext } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { explainOktaError } from './okta-error.ts'

/** `okta activate --for`: the org as it was before, and how long the trial lasts. */
export type Trial = {
  readonly ms: number
  /** The telephony hook that was active; undefined where there was none. */
  readonly hook: TelephonyHook | undefined
  readonly phone: PhoneAuthenticator | undefined
}

/** `90s`, `10m`, `2h`, in milliseconds: a second to a day. */
export function readDuration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(text.trim()) ?? []
  const ms = Number(count) * (UNITS_MS[unit] ?? Number.NaN)
  if (ms >= 1_000 && ms <= DAY_MS) return ms
  throw new Problem('usage', `--for is "${text}"; expected a time of a second to a day: 90s, 10m, 2h.`)
}

/** What a trial restores. A trial with nothing to restore is refused. */
export function planTrial(org: Org, target: TargetState, ms: number): Trial {
  const { hook, other } = choose(org, target)
  if (hook?.isActive !== true) return { ms, hook: other?.isActive ? other : undefined, phone: org.phone }
  const replaced = org.hooks.find(({ id }) => id === hook.memo?.replaces)
  if (replaced !== undefined) return { ms, hook: replaced, phone: org.phone }
  throw new Problem(
    'usage',
    `--for restores the hook that was active before, but "${hook.name}" itself is already active. Omit --for, or remove the hook first: hookline okta teardown.`,
  )
}

export function describeTrial({ ms, hook }: Trial): string {
  const after =
    hook === undefined
      ? 'no telephony hook is active, as now: Okta sends with its own provider'
      : `"${hook.name}" (${hook.id}) is the active hook`
  return `A trial of ${describeDuration(ms)}: at its end, or at Ctrl-C, ${after}, and the phone authenticator is as it is now.`
}

/** Does the work, waits until the time is over, and restores the org, even if the work fails or is interrupted. */
export async function runTrial(
  context: OktaContext,
  trial: Trial,
  open: () => Promise<OktaApi>,
  isOurs: (hook: TelephonyHook) => boolean,
  work: (interruption: AbortSignal) => Promise<void>,
): Promise<void> {
  const interruption = context.interruption()
  let failure: { readonly error: unknown } | undefined
  try {
    await work(interruption)
    const end = new Date(context.now() + trial.ms).toISOString().slice(11, 19)
    context.print(
      `\nThe trial lasts until ${end} UTC. Ctrl-C ends it now; a second Ctrl-C stops without restoring the org.`,
    )
    await untilAborted(context.pause(trial.ms), interruption)
  } catch (error) {
    if (!interruption.aborted) failure = { error }
  }
  context.print(interruption.aborted ? '\nInterrupted: restoring the org.' : '\nRestoring the org.')
  await restore(context, trial, open, isOurs)
  if (failure !== undefined) throw failure.error
  if (interruption.aborted) context.endWith(exitCodes.interrupted)
}

/** Reads the org again for each part, so that it works however far the trial got. */
async function restore(
  context: OktaContext,
  trial: Trial,
  open: () => Promise<OktaApi>,
  isOurs: (hook: TelephonyHook) => boolean,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const api = await open()
      await restoreHook(context, api, trial, isOurs)
      await restorePhone(context, api, trial)
      return
    } catch (error) {
      const why = messageOf(explainOktaError(error, 'Okta'))
      if (tries === TRIES_MAX) {
        throw new Problem(
          'unreachable',
          `The org was not restored. ${why}\nRestore it with hookline okta teardown, or in Okta: Workflow > Inline Hooks, deactivate Hookline's hook${trial.hook === undefined ? '' : ` and activate "${trial.hook.name}"`}.`,
        )
      }
      context.print(`  … trying again: ${why}`)
      await context.pause(PAUSE_MS * 2 ** (tries - 1))
    }
  }
}

async function restoreHook(
  context: OktaContext,
  api: OktaApi,
  { hook: before }: Trial,
  isOurs: (hook: TelephonyHook) => boolean,
): Promise<void> {
  const hooks = await readTelephonyHooks(api)
  for (const hook of hooks.filter(one => one.isActive && one.id !== before?.id && isOurs(one))) {
    await switchHook(api, hook, 'deactivate')
    context.print(`  ✓ turned off  telephony hook: ${hook.name}`)
  }
  const back = hooks.find(({ id }) => id === before?.id)
  if (back === undefined || back.isActive) return
  await switchHook(api, back, 'activate')
  context.print(`  ✓ turned on   telephony hook: ${back.name}, as before`)
}

async function restorePhone(context: OktaContext, api: OktaApi, { phone: before }: Trial): Promise<void> {
  const now = await readPhone(api)
  if (now === undefined) return
  const path = `/api/v1/authenticators/${now.id}`
  if (before !== undefined && before.allowedFor !== now.allowedFor) {
    await setAllowedFor(api, now, before.allowedFor)
    context.print(`  ✓ changed     authenticator: phone, allowed for ${before.allowedFor} as before`)
  }
  if (now.isActive && before?.isActive !== true) {
    await api.post(`${path}/lifecycle/deactivate`)
    context.print('  ✓ turned off  authenticator: phone')
    return
  }
  for (const method of ['voice', 'sms'] as const) {
    if (!now[method] || before?.[method] !== false) continue
    await api.post(`${path}/methods/${method}/lifecycle/deactivate`)
    context.print(`  ✓ turned off  authenticator: phone, ${method}`)
  }
}

function describeDuration(ms: number): string {
  const [unit, size] =
    ms % 3_600_000 === 0 ? ['h', 3_600_000] : ms % 60_000 === 0 ? ['min', 60_000] : ['s', 1_000]
  return `${ms / Number(size)} ${unit}`
}

const UNITS_MS: Readonly<Record<string, number | undefined>> = { s: 1_000, m: 60_000, h: 3_600_000 }
const DAY_MS = 86_400_000
const TRIES_MAX = 6
const PAUSE_MS = 1_000
