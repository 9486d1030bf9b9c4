import type { TimeLimit } from '../../core/deliver/clock.ts'
import type { AwaitedFeedback } from '../../core/records/delivery.ts'
import type { CarrierOptions } from './carrier.ts'
import { keepCalls } from './wire/client.ts'

/**
 * Reports to AWS that a message arrived, in the region that sent it. Rejects if AWS does not take the report, or when the
 * signal aborts.
 */
export function reportFeedback({ callIn }: Pick<CarrierOptions, 'callIn'>) {
  const callOf = keepCalls(callIn)
  return async ({ messageId, region }: AwaitedFeedback, signal: TimeLimit): Promise<void> => {
    const input = { MessageId: messageId, MessageFeedbackStatus: 'RECEIVED' }
    await callOf(region)('PutMessageFeedback', input, signal)
  }
}
