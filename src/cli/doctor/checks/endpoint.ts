import { defineCheck, type Fault } from '../check.ts'
import type { EndpointFact } from '../facts.ts'

export const endpointCheck = defineCheck({
  name: 'endpoint',
  sentence: "The hook turns unauthenticated callers away, well within Okta's three seconds.",
  severity: 'error',
  remedy: "Look at the deployment's log.",
  needs: ['endpoint'],
  judge: ({ endpoint }) => [...judgeStatus(endpoint), ...judgeTime(endpoint), ...judgeCertificate(endpoint)],
  detail: ({ endpoint: { tookMs } }) =>
    `${tookMs.length} requests without a credential, the slowest in ${Math.ceil(Math.max(0, ...tookMs))} ms.`,
})

function judgeStatus({ url, status }: EndpointFact): readonly Fault[] {
  if (status === 401) return []
  const said = `${url} answered ${status} to a request without a credential; a hook of Hookline answers 401`
  if (status >= 300 && status < 400) {
    return [
      {
        cause: `${said}. It points to another address, and Okta does not follow.`,
        remedy: 'Give the final one.',
      },
    ]
  }
  if (status === 404 || status === 405) {
    return [
      {
        cause: `${said}: the path is wrong.`,
        remedy: 'Take HookUrl of `hookline deploy`, or /mfa of `hookline serve`.',
      },
    ]
  }
  if (status < 300) {
    return [
      {
        cause: `${said}: it lets unauthenticated callers in, or is something else.`,
        remedy: 'Take the address of the hook itself, without a program in between that answers for it.',
      },
    ]
  }
  return [{ cause: `${said}.` }]
}

function judgeTime({ tookMs }: EndpointFact): readonly Fault[] {
  const sorted = tookMs.toSorted((one, other) => one - other)
  const slowest = sorted.at(-1) ?? 0
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  if (median < SLOW_MS && slowest < OKTA_WAITS_MS) return []
  const took = `Of ${tookMs.length} requests half took ${seconds(median)} or more, the slowest ${seconds(slowest)}, before any work was done`
  return [
    {
      severity: slowest < OKTA_WAITS_MS ? 'warning' : 'error',
      cause: `${took}; Okta waits 3 s for everything, its own token request included.`,
      remedy: 'Put the hook nearer to Okta, or look at what is in between (proxy, VPN, cold starts).',
    },
  ]
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function judgeCertificate({ url, certificate }: EndpointFact): readonly Fault[] {
  if (certificate === undefined || certificate.daysLeft >= DAYS_LEFT_MIN) return []
  return [
    {
      severity: 'warning',
      cause: `The certificate of ${new URL(url).host} ends in ${Math.floor(certificate.daysLeft)} days; after that Okta does not call.`,
      remedy: 'Renew it, and see to it that this happens by itself.',
    },
  ]
}

const OKTA_WAITS_MS = 3_000
const SLOW_MS = 1_000
const DAYS_LEFT_MIN = 14
