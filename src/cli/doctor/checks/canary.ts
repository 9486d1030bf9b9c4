import { judgeCanary } from '../../../advice/canary/last-canary.ts'
import type { FollowedDelivery } from '../../../core/records/delivery.ts'
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
    const result = judgeCanary(last, now)
    switch (result.kind) {
      case 'delivered':
      case 'under-way':
        return []
      case 'no-receipt':
        return [{ severity: 'warning', ...texts.canary.noReceipt(at) }]
      case 'no-end':
        return [texts.canary.failed(at, 'has no recorded result')]
      case 'failed':
        return [texts.canary.failed(at, `failed: ${result.why}`)]
    }
  },
  detail: ({ settings: { canary }, canary: { last } }) =>
    canary.country === 'off' ? texts.canary.off : texts.canary.detail(canary.country, last && timeOf(last)),
})

function timeOf({ openedAt }: Pick<FollowedDelivery, 'openedAt'>): string {
  return new Date(openedAt).toISOString().replace(/\.\d+/, '')
}
