import { createDeadline } from '../../src/core/deliver/deadline.ts'
import { untilAborted } from '../../src/core/deliver/until-aborted.ts'
import { createHook, type Hook, type HookCall, type HookParts } from '../../src/http/hook.ts'
import type { JsonBody } from '../../src/http/read-json-body.ts'
import type { Caller } from '../../src/okta/caller.ts'
import type { Observation } from './observation.ts'

/**
 * The hook of `npm run observe`: it records the form of what Okta itself sends, then delivers as always, or gives the
 * answer of the current step and sends nothing. Between the steps it only delivers: who calls then may be Hookline itself,
 * by way of `okta activate`. Unauthenticated callers are turned away as always, and nothing of them is recorded.
 */
export function createObservedHook(
  parts: HookParts,
  observation: Observation,
  pause: (ms: number) => Promise<void>,
): Hook {
  const { budgetMs, identify } = parts
  const { clock } = parts.ports
  return async call => {
    const arrivedAt = clock.now()
    const deadline = createDeadline(0, budgetMs, clock)
    const gateway = call.gateway ?? { arrivedAt, authorizer: undefined }
    const asked = identify(call, arrivedAt, deadline.signal('identify'))
    const caller = await asked.catch(() => undefined) // an internal error: the hook meets it too, and says so
    if (caller?.kind === 'unauthenticated') observation.turnedAway(caller.code)
    const step = observation.step()
    if (caller?.kind !== 'caller' || step === undefined) {
      return deliver(parts, { ...call, gateway }, asked, call.readBody)
    }

    const reading = untilAborted(call.readBody(), deadline.signal('read'))
    const body = await reading.catch(() => undefined)
    const answered = observation.arrived({
      step,
      arrivedAt,
      headerNames: call.headerNames?.() ?? [],
      authorization: call.header('authorization'),
      json: body?.kind === 'json' ? body.json : undefined,
    })
    const { script } = step
    if (script === undefined) {
      const answer = await deliver(parts, { ...call, gateway }, asked, () => reading)
      answered(answer)
      return answer
    }
    if (script.afterMs > 0) await pause(script.afterMs)
    answered(script.answer)
    return script.answer
  }
}

/** The real hook, with what is known already: nobody is identified twice, and a body is read once. */
function deliver(
  parts: HookParts,
  call: HookCall,
  caller: Promise<Caller>,
  readBody: () => Promise<JsonBody>,
): ReturnType<Hook> {
  return createHook({ ...parts, identify: () => caller })({ ...call, readBody })
}
