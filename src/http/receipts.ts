import type { Clock } from '../core/deliver/clock.ts'
import { untilAborted } from '../core/deliver/deadline.ts'
import type { Ports } from '../core/deliver/ports.ts'
import type { DeliveryStore } from '../core/records/delivery-store.ts'
import type { Receipt } from '../core/records/receipt.ts'
import { messageOf } from '../core/values/printable.ts'
import type { HookCall } from './hook.ts'

/**
 * Checks one post: who signed it, and what it reports. `isRaw`: its header says that SNS removed the envelope and
 * signature. Rejects if that cannot be decided now.
 */
export type ReceiptReader = (
  json: unknown,
  signal: AbortSignal,
  isRaw?: boolean,
) => Promise<
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'heard'; readonly detail: string }
  | { readonly kind: 'denied'; readonly detail: string }
>

/** `readBody`: reads at most `RECEIPT_MAX_BYTES`. */
export type Receipts = (call: Pick<HookCall, 'header' | 'readBody'>) => Promise<ReceiptsAnswer>
type ReceiptsAnswer = { readonly httpStatus: 200 | 400 | 403 | 503; readonly body: string }

/**
 * `POST /events/carrier`: a receipt is stored before it is acknowledged. If it cannot be stored, SNS sends it again.
 */
export function createReceipts(
  read: ReceiptReader,
  store: Pick<DeliveryStore, 'addReceipt'>,
  clock: Pick<Clock, 'abortAfter'>,
  record: Ports['record'],
): Receipts {
  return async ({ header, readBody }) => {
    const signal = clock.abortAfter(TIME_MAX_MS)
    try {
      const body = await untilAborted(readBody(), signal)
      if (body.kind === 'refusal' && body.code === 'BODY_TOO_LARGE') return answer(400, body.code)
      // Raw delivery is recognised even if the text is not JSON.
      const isRaw = header('x-amz-sns-rawdelivery') === 'true'
      if (body.kind === 'refusal' && !isRaw) return answer(400, body.code)
      const json = body.kind === 'json' ? body.json : undefined
      const post = await untilAborted(read(json, signal, isRaw), signal)
      if (post.kind === 'denied') {
        record({ step: 'receipt', outcome: 'denied', detail: post.detail })
        return answer(403, post.detail)
      }
      if (post.kind === 'heard') {
        record({ step: 'receipt', outcome: 'heard', detail: post.detail })
        return answer(200, post.detail)
      }
      const { receipt } = post
      await untilAborted(store.addReceipt(receipt), signal)
      record({ step: 'receipt', outcome: 'kept', deliveryId: receipt.deliveryId, type: receipt.type })
      return answer(200, 'Kept.')
    } catch (error) {
      record({
        step: 'receipt',
        outcome: 'not-kept',
        detail: messageOf(error),
      })
      return answer(503, 'Not kept. Send it again.')
    }
  }
}

function answer(httpStatus: ReceiptsAnswer['httpStatus'], text: string): ReceiptsAnswer {
  return { httpStatus, body: `${text}\n` }
}

const TIME_MAX_MS = 10_000 // SNS waits 15 s
/** The longest body of a receipt. SNS's messages have at most 256 KB. */
export const RECEIPT_MAX_BYTES = 256 * 1024
