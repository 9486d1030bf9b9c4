import { describeReading, isGood } from '../../../okta/setup/preview.ts'
import { defineCheck, type Fault } from '../check.ts'
import type { EndpointFact } from '../facts.ts'

export const endpointCheck = defineCheck({
  name: 'endpoint',
  sentence: "The hook refuses unauthenticated callers, well within Okta's three seconds.",
  severity: 'error',
  remedy: "Look at the deployment's log.",
  needs: ['endpoint'],
  judge: ({ endpoint }) => [...judgeStatus(endpoint), ...judgeTime(endpoint), ...judgeCertificate(endpoint)],
  detail: ({ endpoint: { tookMs } }) =>
    `${tookMs.length} requests without a credential, the slowest in ${Math.ceil(Math.max(0, ...tookMs))} ms.`,
})

function judgeStatus({ url, status }: EndpointFact): readonly Fault[] {
  if (status === 401) return []
  const answered = `${url} answered ${status} to a request without a credential; a hook of Hookline answers 401`
  if (status >= 300 && status < 400) {
    return [
      {
        cause: `${answered}. It points to another address, and Okta does not follow.`,
        remedy: 'Give the final one.',
      },
    ]
  }
  if (status === 404 || status === 405) {
    return [
      {
        cause: `${answered}: the path is wrong.`,
        remedy: 'Take HookUrl of `hookline deploy`, or /mfa of `hookline serve`.',
      },
    ]
  }
  if (status < 300) {
    return [
      {
        cause: `${answered}: it lets unauthenticated callers in, or is something else.`,
        remedy: 'Take the address of the hook itself, without a program in between that answers for it.',
      },
    ]
  }
  return [{ cause: `${answered}.` }]
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
      remedy: 'Renew it, and automate it.',
    },
  ]
}

const OKTA_WAITS_MS = 3_000
const SLOW_MS = 1_000
const DAYS_LEFT_MIN = 14

export const previewCheck = defineCheck({
  name: 'preview',
  sentence: 'Okta calls the hook, and reads its answer as a success.',
  severity: 'error',
  remedy:
    "The findings above may be the reason. Otherwise: is there a route for the number, and is its limit (five messages in ten minutes) not reached? Try another with --to. The deployment's own words: npx hookline deliveries.",
  needs: ['preview'],
  judge: ({ preview }) => {
    if (preview.kind === 'failed') {
      return [{ cause: `Okta called the hook, and could not use the answer: ${preview.sentence}` }]
    }
    return isGood(preview.reading)
      ? []
      : [{ cause: `Okta called the hook, and read: ${describeReading(preview.reading)}` }]
  },
  detail: ({ preview }) => (preview.kind === 'read' ? (preview.reading.notice ?? '') : ''),
})

export const failOversCheck = defineCheck({
  name: 'fail-overs',
  sentence: 'In the last 24 hours Okta did not send by its own provider instead of the hook.',
  severity: 'warning',
  remedy:
    'Look at the reason; docs/errors.md explains codes. Before the last change? Then it is history: it leaves this list after 24 hours.',
  needs: ['failOvers'],
  judge: ({ failOvers }) => {
    const groups = Map.groupBy(failOvers, ({ channel, reason }) => JSON.stringify([channel, reason]))
    return [...groups.values()].flatMap(group => {
      const last = group.at(-1)
      if (last === undefined) return []
      const times = group.length === 1 ? 'once' : `${group.length} times`
      const when = new Date(last.at).toISOString().replace(/\.\d+/, '')
      return [
        {
          cause: `Okta sent by its own provider ${times} (${last.channel}), last at ${when}: ${last.reason ?? 'the System Log gives no reason'}`,
        },
      ]
    })
  },
})

export const blockedAnswerCheck = defineCheck({
  name: 'blocked answer',
  sentence: 'What Okta hears about blocked numbers fits what the org does with it.',
  severity: 'warning',
  remedy: 'docs/okta.md#what-must-not-be-sent says which setting fits.',
  needs: ['settings', 'ownTelephony'],
  judge: ({ settings, ownTelephony }) => {
    const answer = settings.answers.blocked
    if (ownTelephony === 'sends' && answer !== 'silent') {
      return [
        {
          cause: `HOOKLINE_BLOCKED_ANSWER is ${answer}, and Okta sends codes by its own provider in this org: a blocked number gets its code from Okta.`,
          remedy: 'Set it to silent (parameter BlockedAnswer), or have Okta switch its own telephony off.',
        },
      ]
    }
    if (ownTelephony === 'none' && answer === 'silent') {
      return [
        {
          cause:
            'HOOKLINE_BLOCKED_ANSWER is silent, and Okta has no telephony of its own in this org: a person who is refused wrongly waits for a code that nobody sends.',
          remedy:
            'Set it to error (parameter BlockedAnswer): nobody sends then either, and the person sees it.',
        },
      ]
    }
    return []
  },
  detail: ({ settings, ownTelephony }) =>
    `HOOKLINE_BLOCKED_ANSWER is ${settings.answers.blocked}; ${SEEN[ownTelephony]}.`,
})

const SEEN = {
  sends: 'Okta sends by its own provider where the hook does not',
  none: 'Okta has no telephony of its own here',
  unknown: 'the System Log does not show whether Okta has telephony of its own here',
} as const
