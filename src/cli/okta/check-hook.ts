import { randomBytes } from 'node:crypto'
import { OWN_PREVIEW } from '../../core/records/delivery.ts'
import { choose } from '../../okta/setup/choose.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { switchHook } from '../../okta/setup/perform.ts'
import { describeReading, isGood, type Previewed, previewAll } from '../../okta/setup/preview.ts'
import type { Action } from '../../okta/setup/step.ts'
import type { TargetState } from '../../okta/setup/target.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { describeOktaError, explainOktaError, type OktaError } from './okta-error.ts'

/** AWS's simulators in the US: AWS accepts and bills messages to them, but delivers none. The second reports a failure later. */
export const SIMULATOR_NUMBERS = ['+14254147755', '+14254147167'] as const
export const SIMULATOR_NUMBER = SIMULATOR_NUMBERS[0]

export type Checking = {
  readonly api: OktaApi
  readonly optionally: ReadOptional
  readonly context: OktaContext
  readonly target: TargetState
  readonly org: Org
  /** The earlier actions of this run. */
  readonly done: ReadonlySet<Action>
  readonly to: string
}

/** Has Okta call the hook once. If this run made the hook and it fails, it is turned off again and the previous one is turned on. */
export async function checkHook({
  api,
  optionally,
  context,
  target,
  org,
  done,
  to,
}: Checking): Promise<void> {
  const { hook, other } = choose(org, target)
  if (hook === undefined) return
  const order = { to, channel: 'SMS', purpose: 'mfa-verification', locale: 'en' } as const
  const world = { now: context.now, newEventId, pause: context.pause, optionally }
  const [previewed] = await previewAll(api, hook.id, [order], world)
  const failure = previewed && failureOf(previewed, api.orgUrl)
  if (previewed?.kind === 'read' && previewed.reading.notice !== undefined) {
    context.print(`    ${previewed.reading.notice}`)
  }
  if (failure === undefined) return
  const isOurs = (['create hook', 'change hook', 'turn on hook'] as const).some(action => done.has(action))
  const undone = isOurs
    ? await undo(api, hook, done.has('turn off other hook') ? other : undefined)
    : NOT_UNDONE
  throw new Problem(
    'notSent',
    `The hook does not work when Okta calls it: ${failure}\n${undone}\n${REMEDIES}`,
  )
}

/** 22 characters, as Okta's. */
export function newEventId(): string {
  return `${OWN_PREVIEW}${randomBytes(10).toString('base64url')}`
}

/** Okta's error, where it could not read the hook's answer at all. Throws errors that are Okta's or the network's, not the hook's. */
export function explainFailure(error: unknown, orgUrl: string): string {
  const { errorCode = '', errorSummary, errorCauses } = error as OktaError
  if (!errorCode.startsWith('E') || NOT_OF_HOOK.has(errorCode)) throw explainOktaError(error, orgUrl)
  return describeOktaError(errorCode, errorSummary, errorCauses)
}

function failureOf(previewed: Previewed, orgUrl: string): string | undefined {
  if (previewed.kind === 'refused') return explainFailure(previewed.error, orgUrl)
  return isGood(previewed.reading) ? undefined : describeReading(previewed.reading)
}

async function undo(api: OktaApi, hook: TelephonyHook, before: TelephonyHook | undefined): Promise<string> {
  await switchHook(api, hook, 'deactivate')
  if (before === undefined)
    return `It is turned off again: Okta sends as before. The hook is still in the org as ${hook.id}.`
  await switchHook(api, before, 'activate')
  return `It is turned off again, and "${before.name}" is on as before. The hook is still in the org as ${hook.id}.`
}

const NOT_UNDONE = 'It was active before this run, and stays active. The phone authenticator was not changed.'
const REMEDIES = `What to do: check that the deployment has this issuer, audience, client ID and scope (hookline okta prepare prints them),
that the number has a route (another number: --to), and that its limit of five messages in ten minutes is not reached.
The deployment's own reason: npx hookline deliveries.
Then run the command again: it continues where it stopped.`
/** Rights, tokens, rate limits, and a hook that is not there. */
const NOT_OF_HOOK = new Set([
  'E0000004',
  'E0000005',
  'E0000006',
  'E0000007',
  'E0000011',
  'E0000015',
  'E0000047',
])
