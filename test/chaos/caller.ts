import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { type CallResult, hookCaller, type SecretHeader } from '../../simulators/okta/hook-caller.ts'
import { newOrg } from '../../simulators/okta/hook-request.ts'
import { poster } from '../../simulators/okta/post.ts'
import type { AnswerKind } from './matrix.ts'
import { requestJson } from './request-json.ts'
import { type Stalls, waitedForCoreMs } from './stalls.ts'

/** Acts as Okta in this process, so that it measures the waiting time of a caller. */
export type Caller = {
  /** Fetches the token that is sent from now on. */
  readonly renewToken: () => Promise<void>
  readonly call: (hook: Target, order: CallOrder) => Promise<Call>
  readonly close: () => void
}

/** The hook, and the carrier that it calls. */
export type Target = { readonly url: string; readonly pid: number; readonly carrierPid: number }

/** One call and its result. */
export type Call = {
  readonly order: CallOrder
  readonly kind: AnswerKind
  /** Of an answer with a command: `transactionId` and `transactionMetadata`. */
  readonly messageId: string | undefined
  readonly deliveryId: string | undefined
  readonly ms: number
  /** How long this process was stalled during the call, and how long the hook waited for a CPU core. */
  readonly stalledMs: number
  /** The same, plus the time in which the carrier's stand-in waited for a core. */
  readonly starvedMs: number
  readonly sentence: string
}

const OKTA_LIMIT_MS = 3_000

export function createCaller(oktaUrl: string, stalls: Stalls, secretHeader?: SecretHeader): Caller {
  let accessToken = ''
  const connections = poster()
  const token = async () => ({ kind: 'token', accessToken, expiresInSeconds: 3_600 }) as const
  const caller = hookCaller({
    org: newOrg('https://chaos.okta.com'),
    tokens: { get: token, fetch: token, forget: () => undefined },
    poster: connections,
    ...(secretHeader !== undefined && { secretHeader }),
    limitMs: OKTA_LIMIT_MS,
  })
  return {
    renewToken: async () => {
      const answer = (await requestJson(`${oktaUrl}/caller/token`, 'POST')) as { accessToken: string }
      accessToken = answer.accessToken
    },
    call: async ({ url, pid, carrierPid }, order) => {
      const startedAt = performance.now()
      const before = [waitedForCoreMs(pid), waitedForCoreMs(carrierPid)] as const
      const result = await caller.call(url, order)
      // 0 for a process that has exited.
      const hookWaited = Math.max(0, waitedForCoreMs(pid) - before[0])
      const carrierWaited = Math.max(0, waitedForCoreMs(carrierPid) - before[1])
      const stalledMs = stalls.between(startedAt, performance.now()) + hookWaited
      return {
        order,
        ...read(result),
        ms: result.totalMs,
        stalledMs,
        starvedMs: stalledMs + carrierWaited,
        sentence: result.verdict.sentence,
      }
    },
    close: () => connections.close(),
  }
}

/** The verdict follows Okta's contract: an answer that it does not allow is `wrong`. */
function read({ verdict, httpStatus, answer }: CallResult): Pick<Call, 'kind' | 'messageId' | 'deliveryId'> {
  const [command] = (answer as Answer | undefined)?.commands ?? []
  const [value] = command?.value ?? []
  const ids = { messageId: value?.transactionId, deliveryId: value?.transactionMetadata }
  switch (verdict.kind) {
    case 'delivered-by-hook':
      return { kind: 'successful', ...ids }
    case 'pending':
      return { kind: 'pending', ...ids }
    case 'okta-sends-itself':
    case 'nothing-sent':
      if (verdict.sentence.includes('The hook refused: ')) return { kind: 'error', ...ids }
      if (httpStatus === 401) return { kind: 'unauthorized', ...ids }
      return { kind: value?.status === 'FAILED' ? 'failed' : 'wrong', ...ids }
  }
}

type Answer = {
  readonly commands?: readonly {
    readonly value?: readonly {
      readonly status?: string
      readonly transactionId?: string
      readonly transactionMetadata?: string
    }[]
  }[]
}
