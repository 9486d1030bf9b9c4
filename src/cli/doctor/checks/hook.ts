import { describeReading, isGood } from '../../../okta/setup/preview.ts'
import { defineCheck, type Fault } from '../check.ts'
import type { EndpointFact } from '../facts.ts'
import { texts } from '../texts.ts'

export const endpointCheck = defineCheck({
  ...texts.endpoint.check,
  severity: 'error',
  needs: ['endpoint'],
  judge: ({ endpoint }) => [...judgeStatus(endpoint), ...judgeTime(endpoint), ...judgeCertificate(endpoint)],
  detail: ({ endpoint: { tookMs } }) => texts.endpoint.detail(tookMs.length, Math.max(0, ...tookMs)),
})

function judgeStatus({ url, status }: EndpointFact): readonly Fault[] {
  if (status === 401) return []
  if (status >= 300 && status < 400) return [texts.endpoint.redirects(url, status)]
  if (status === 404 || status === 405) return [texts.endpoint.wrongPath(url, status)]
  return [status < 300 ? texts.endpoint.isOpen(url, status) : texts.endpoint.otherStatus(url, status)]
}

function judgeTime({ tookMs }: EndpointFact): readonly Fault[] {
  const sorted = tookMs.toSorted((one, other) => one - other)
  const slowest = sorted.at(-1) ?? 0
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  if (median < SLOW_MS && slowest < OKTA_WAITS_MS) return []
  const severity = slowest < OKTA_WAITS_MS ? 'warning' : 'error'
  return [{ severity, ...texts.endpoint.slow(tookMs.length, median, slowest) }]
}

function judgeCertificate({ url, certificate }: EndpointFact): readonly Fault[] {
  if (certificate === undefined || certificate.daysLeft >= DAYS_LEFT_MIN) return []
  const { host } = new URL(url)
  return [{ severity: 'warning', ...texts.endpoint.certificate(host, Math.floor(certificate.daysLeft)) }]
}

const OKTA_WAITS_MS = 3_000
const SLOW_MS = 1_000
const DAYS_LEFT_MIN = 14

export const previewCheck = defineCheck({
  ...texts.preview.check,
  severity: 'error',
  needs: ['preview'],
  judge: ({ preview }) => {
    if (preview.kind === 'failed') return [texts.preview.unusable(preview.sentence)]
    return isGood(preview.reading) ? [] : [texts.preview.noSuccess(describeReading(preview.reading))]
  },
  detail: ({ preview }) => (preview.kind === 'read' ? (preview.reading.notice ?? '') : ''),
})

export const failOversCheck = defineCheck({
  ...texts.failOvers.check,
  severity: 'warning',
  needs: ['failOvers'],
  judge: ({ failOvers }) => {
    const groups = Map.groupBy(failOvers, ({ channel, reason }) => JSON.stringify([channel, reason]))
    return [...groups.values()].flatMap(group => {
      const last = group.at(-1)
      if (last === undefined) return []
      const at = new Date(last.at).toISOString().replace(/\.\d+/, '')
      return [texts.failOvers.sent(group.length, last.channel, at, last.reason)]
    })
  },
})

export const blockedAnswerCheck = defineCheck({
  ...texts.blockedAnswer.check,
  severity: 'warning',
  needs: ['settings', 'ownTelephony'],
  judge: ({ settings, ownTelephony }) => {
    const answer = settings.answers.blocked
    if (ownTelephony === 'sends' && answer !== 'silent') return [texts.blockedAnswer.oktaSends(answer)]
    if (ownTelephony === 'none' && answer === 'silent') return [texts.blockedAnswer.silentForNothing]
    return []
  },
  detail: ({ settings, ownTelephony }) => texts.blockedAnswer.detail(settings.answers.blocked, ownTelephony),
})
