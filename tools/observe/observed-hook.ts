import type { StepEvent } from '../../src/core/deliver/event.ts'
import type { ReasonCode } from '../../src/core/values/reasons.ts'
import type { Hook } from '../../src/http/hook.ts'
import type { JsonBody } from '../../src/http/read-json-body.ts'
import type { HookAnswer } from '../../src/okta/hook-response.ts'
import type { Observation } from './observation.ts'

/**
 * The hook of `npm run observe`: it records the form of what Okta itself sends, then delivers as always, or gives the
 * answer of the current step and sends nothing. Between the steps it only delivers: the caller may be Hookline itself
 * then, by way of `okta activate`. Unauthenticated callers are refused as always, and nothing of them is recorded.
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
    // With nothing to send, the hook only says whether it knows the caller.
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

/** For the log of the server: why callers were refused. */
export function observeRefusals(observation: Observation): (event: StepEvent) => void {
  return ({ step, outcome }) => {
    if (step === 'caller') observation.turnedAway(outcome as ReasonCode) // the outcome of this step is one
  }
}

const NOTHING: JsonBody = { kind: 'json', json: {} }

/** The hook has judged the caller before it misses the number. */
function isOfVerifiedCaller({ body }: HookAnswer): boolean {
  const { debugContext } = (body ?? {}) as { readonly debugContext?: { readonly code?: string } }
  return debugContext?.code === ('PHONE_NUMBER_MISSING' satisfies ReasonCode)
}
