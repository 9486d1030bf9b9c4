import type { StepEvent } from '../../src/core/deliver/event.ts'
import type { ReasonCode } from '../../src/core/values/reasons.ts'
import type { Hook } from '../../src/http/hook.ts'
import type { JsonBody } from '../../src/http/read-json-body.ts'
import type { HookAnswer } from '../../src/okta/hook-response.ts'
import type { Observation } from './observation.ts'

/**
 * The hook of `npm run observe`: it records the form of what Okta itself sends, then delivers as always, or gives the
 * answer of the current step and sends nothing. Between the steps it only delivers, because the caller may then be
 * `okta activate`. Unauthenticated callers are refused as always, and not recorded.
 */
export function observeHook(
  hook: Hook,
  observation: Observation,
  { now, pause }: { readonly now: () => number; readonly pause: (ms: number) => Promise<unknown> },
): Hook {
  return async call => {
    const arrivedAt = now()
    const step = observation.step()
    if (step === undefined) return hook(call)
    // A request with nothing to send: the hook only authenticates the caller.
    const identified = await hook({ ...call, readBody: async () => NOTHING })
    if (identified.httpStatus !== 200) return identified
    if (!isOfVerifiedCaller(identified)) return hook(call)

    let reading: Promise<JsonBody> | undefined
    const readBody = (): Promise<JsonBody> => {
      reading ??= call.readBody()
      return reading
    }
    const readForRecord = (): Promise<JsonBody | undefined> => readBody().catch(() => undefined)
    const record = (body: JsonBody | undefined) =>
      observation.arrived({
        step,
        arrivedAt,
        headerNames: call.headerNames(),
        authorization: call.header('authorization'),
        json: body?.kind === 'json' ? body.json : undefined,
      })
    const { script } = step
    if (script === undefined) {
      const [answer, body] = await Promise.all([hook({ ...call, readBody }), readForRecord()])
      record(body)(answer)
      return answer
    }
    const answered = record(await readForRecord())
    if (script.afterMs > 0) await pause(script.afterMs)
    answered(script.answer)
    return script.answer
  }
}

/** The server's log, for the reasons of refusals. */
export function observeRefusals(observation: Observation): (event: StepEvent) => void {
  return ({ step, outcome }) => {
    if (step === 'caller') observation.turnedAway(outcome as ReasonCode) // the outcome of this step is a reason code
  }
}

const NOTHING: JsonBody = { kind: 'json', json: {} }

/** The hook authenticates the caller before it notices that the number is missing. */
function isOfVerifiedCaller({ body }: HookAnswer): boolean {
  const { debugContext } = (body ?? {}) as { readonly debugContext?: { readonly code?: string } }
  return debugContext?.code === ('PHONE_NUMBER_MISSING' satisfies ReasonCode)
}
