import type { StepEvent } from '../../src/core/deliver/event.ts'
import type { ReasonCode } from '../../src/core/values/reasons.ts'
import { BODY_MAX_BYTES } from '../../src/http/hook.ts'
import { type JsonBody, readJsonBody } from '../../src/http/read-json-body.ts'
import type { HookAnswer } from '../../src/okta/hook-response.ts'
import type { Observation } from './observation.ts'

type App = (request: Request) => Response | Promise<Response>

/**
 * The server of `npm run observe`: it records the form of what Okta itself sends, then delivers as always, or gives the
 * answer of the current step and sends nothing. Between the steps it only delivers: the caller may be Hookline itself
 * then, by way of `okta activate`. Unauthenticated callers are refused as always, and nothing of them is recorded.
 */
export function observeApp(
  app: App,
  observation: Observation,
  { now, pause }: { readonly now: () => number; readonly pause: (ms: number) => Promise<unknown> },
): App {
  return async request => {
    const arrivedAt = now()
    const step = observation.step()
    if (step === undefined || request.method !== 'POST') return app(request)
    const refusal = await app(withoutBody(request))
    if (refusal.status !== 200) return refusal
    if (!(await isOfVerifiedCaller(refusal))) return app(request)

    const copy = request.clone()
    const reading = readJsonBody(copy, BODY_MAX_BYTES).catch(() => undefined)
    const record = (body: JsonBody | undefined) =>
      observation.arrived({
        step,
        arrivedAt,
        headerNames: [...request.headers.keys()],
        authorization: request.headers.get('authorization'),
        json: body?.kind === 'json' ? body.json : undefined,
      })
    const { script } = step
    if (script === undefined) {
      const [answer, body] = await Promise.all([app(request), reading])
      record(body)(await answerIn(answer.clone()))
      return answer
    }
    const answered = record(await reading)
    if (script.afterMs > 0) await pause(script.afterMs)
    answered(script.answer)
    return Response.json(script.answer.body, { status: script.answer.httpStatus })
  }
}

/** For the log of the server: why callers were refused. */
export function observeRefusals(observation: Observation): (event: StepEvent) => void {
  return ({ step, outcome }) => {
    if (step === 'caller') observation.turnedAway(outcome as ReasonCode) // the outcome of this step is one
  }
}

/** The same call with nothing to send: the hook says whether it knows the caller, and no more happens. */
function withoutBody({ url, method, headers }: Request): Request {
  const rest = new Headers(headers)
  for (const name of ['content-length', 'transfer-encoding']) rest.delete(name)
  return new Request(url, { method, headers: rest, body: '{}' })
}

/** The hook has judged the caller before it misses the number. */
async function isOfVerifiedCaller(answer: Response): Promise<boolean> {
  const { debugContext } = (await answer.json()) as { readonly debugContext?: { readonly code?: string } }
  return debugContext?.code === ('PHONE_NUMBER_MISSING' satisfies ReasonCode)
}

async function answerIn(response: Response): Promise<HookAnswer> {
  const text = await response.text()
  return { httpStatus: response.status, body: text === '' ? undefined : (JSON.parse(text) as object) }
}
