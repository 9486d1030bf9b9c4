import { type FollowedDelivery, statusOf } from '../../../core/records/delivery.ts'
import { defineCheck } from '../check.ts'
import { texts } from '../texts.ts'

export const canaryCheck = defineCheck({
  ...texts.canary.check,
  severity: 'error',
  needs: ['settings', 'canary'],
  judge: ({ settings, canary: { last, now } }) => {
    const { country } = settings.canary
    if (country === 'off') return []
    if (last === undefined) return [texts.canary.none(country)]
    const at = timeOf(last)
    switch (statusOf(last)) {
      case 'delivered':
        return []
      case 'accepted': {
        const isLate = last.progress === undefined && now - last.openedAt > RECEIPT_MS
        return isLate ? [{ severity: 'warning' as const, ...texts.canary.noReceipt(at) }] : []
      }
      case 'sending':
        return now - last.openedAt > RECEIPT_MS ? [texts.canary.failed(at, 'has no end')] : []
      default: {
        const { end, progress } = last
        const why = 'code' in end ? end.code : (progress?.type ?? end.state)
        return [texts.canary.failed(at, `failed: ${why}`)]
      }
    }
  },
  detail: ({ settings: { canary }, canary: { last } }) =>
    canary.country === 'off' ? texts.canary.off : texts.canary.detail(canary.country, last && timeOf(last)),
})

function timeOf({ openedAt }: Pick<FollowedDelivery, 'openedAt'>): string {
  return new Date(openedAt).toISOString().replace(/\.\d+/, '')
}

/** AWS's simulator sends receipts within seconds. */
const RECEIPT_MS = 600_000
