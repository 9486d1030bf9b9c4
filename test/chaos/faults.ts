import type { Fault } from './matrix.ts'

/** The two candidates of the route in every row. */
export const FIRST = 'pool-chaosFirst'
export const SECOND = 'pool-chaosSecond'

const onFirst = (rule: object): object => ({ ...rule, match: { from: FIRST } })
const error = (name: string, reason?: string): object => ({ kind: 'error', name, reason })
const BOTH_MOMENTS = ['all along', 'from midway'] as const

const failOver: readonly Fault[] = [
  ['throttled', error('ThrottlingException')],
  ['identity does not fit', error('ValidationException', 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY')],
  ['spend limit reached', error('ServiceQuotaExceededException', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT')],
  ['access denied', error('AccessDeniedException')],
].map(([name, rule]) => ({
  area: 'carrier',
  name: `${name}, first candidate`,
  rules: [onFirst(rule as object)],
  answers: ['successful'], // from the second candidate
}))

const final: readonly Fault[] = [
  {
    area: 'carrier',
    name: 'recipient opted out',
    rules: [error('ConflictException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT')],
    answers: ['failed'],
  },
  {
    area: 'carrier',
    name: 'blocked by Protect',
    rules: [error('ConflictException', 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION')],
    answers: ['error'],
  },
  {
    area: 'carrier',
    name: 'an unknown reason',
    rules: [
      {
        kind: 'error',
        name: 'ConflictException',
        reason: 'MERCURY_IN_RETROGRADE',
        unlisted: true,
        status: 400,
      },
    ],
    answers: ['failed'],
  },
  {
    area: 'carrier',
    name: 'throttled, every candidate',
    rules: [error('ThrottlingException')],
    answers: ['failed'],
  },
]

// It is unknown whether it was sent, so it is not sent again. After five in a row the second candidate takes over.
const unknowns: readonly Fault[] = [
  ['an unknown name', { kind: 'error', name: 'TeapotException', unlisted: true, status: 418 }],
  ['late beyond the budget', { kind: 'latency', ms: 1_600 }],
  ['hangs before accepting', { kind: 'hang', when: 'before' }],
  ['hangs after accepting', { kind: 'hang', when: 'after' }],
  ['reset before accepting', { kind: 'reset', when: 'before' }],
  ['reset after accepting', { kind: 'reset', when: 'after' }],
  ['500 without sending', { kind: 'server-error', when: 'before' }],
  ['500 after sending', { kind: 'server-error', when: 'after' }],
  ['slow body', { kind: 'slow-body', ms: 1_600 }],
  ['garbage body', { kind: 'garbage-body' }],
  ['empty answer', { kind: 'empty-answer' }],
].map(([name, rule]) => ({
  area: 'carrier',
  name: `${name}, first candidate`,
  rules: [onFirst(rule as object)],
  answers: ['failed', 'successful'],
}))

// Texts only: for calls, the first candidate has reached its pace by then, and is not tried.
const firstCandidateFromMidway: readonly Fault[] = [...failOver, ...unknowns]
  .filter(({ name }) => name.startsWith('throttled') || name.startsWith('hangs after'))
  .map(fault => ({ ...fault, channels: ['sms'], moments: ['from midway'] }))

const carrier: readonly Fault[] = [
  {
    area: 'carrier',
    name: 'late within the budget',
    rules: [{ kind: 'latency', ms: 150 }],
    answers: ['successful'],
  },
  {
    area: 'carrier',
    name: 'hangs after accepting, every candidate',
    rules: [{ kind: 'hang', when: 'after' }],
    answers: ['failed'],
  },
  {
    area: 'carrier',
    name: 'everything now and then',
    rules: [
      { kind: 'reset', when: 'after', probability: 0.1 },
      { kind: 'server-error', when: 'after', probability: 0.1 },
      { kind: 'hang', when: 'before', probability: 0.1 },
      { ...error('ThrottlingException'), probability: 0.2 },
      { kind: 'garbage-body', probability: 0.1 },
      { kind: 'latency', ms: 100, probability: 0.5 },
    ],
    answers: ['failed', 'successful'],
  },
  {
    area: 'carrier',
    name: 'refuses connections for a while',
    rules: [{ kind: 'refuse-connections', ms: 1_000, times: 1 }],
    answers: ['failed', 'successful'],
  },
  {
    area: 'carrier',
    name: 'process frozen',
    disturbance: 'carrier frozen',
    answers: ['failed', 'successful'],
    moments: BOTH_MOMENTS,
  },
  {
    area: 'carrier',
    name: 'process gone, port closed',
    disturbance: 'carrier gone',
    answers: ['failed', 'successful'],
    moments: BOTH_MOMENTS,
  },
]

const keys: readonly Fault[] = [
  {
    area: 'keys',
    name: 'down, keys known',
    disturbance: 'keys down',
    answers: ['successful'],
    channels: ['sms'],
  },
  {
    area: 'keys',
    name: 'slow, keys known',
    disturbance: 'keys slow',
    answers: ['successful'],
    channels: ['voice'],
  },
  {
    area: 'keys',
    name: 'garbage, keys known',
    disturbance: 'keys garbage',
    answers: ['successful'],
    channels: ['sms'],
  },
  {
    area: 'keys',
    name: 'down, no keys yet',
    disturbance: 'keys down',
    cold: true,
    answers: ['unauthorized'],
    channels: ['sms'],
  },
  {
    area: 'keys',
    name: 'slow, no keys yet',
    disturbance: 'keys slow',
    cold: true,
    answers: ['unauthorized', 'successful'],
    channels: ['voice'],
    recoversWithinMs: 1_500, // it waits for the fetch in progress
  },
  {
    area: 'keys',
    name: 'endless, no keys yet',
    disturbance: 'keys endless',
    cold: true,
    answers: ['unauthorized'],
    channels: ['sms'],
    recoversWithinMs: 10_500,
  },
  {
    area: 'keys',
    name: 'rotated as announced',
    disturbance: 'keys rotated',
    answers: ['successful'],
    channels: ['voice'],
    moments: ['from midway'],
  },
  {
    area: 'keys',
    name: 'rotated without notice',
    disturbance: 'keys rotated, unannounced',
    answers: ['unauthorized', 'successful'],
    channels: ['sms'],
    moments: ['from midway'],
    recoversWithinMs: 10_500, // an unknown key causes a fetch every ten seconds at most
  },
  { area: 'keys', name: 'token expired', disturbance: 'tokens expired', answers: ['unauthorized'] },
]

// A number's item at DynamoDB's size limit is tested in test/programs/item-too-large.test.ts.
const store: readonly Fault[] = [
  {
    area: 'store',
    name: 'database locked by another',
    disturbance: 'database locked',
    answers: ['successful'],
    moments: BOTH_MOMENTS,
  },
  {
    area: 'store',
    name: 'disk full',
    disturbance: 'disk full',
    answers: ['successful'],
    recordsMayBeLost: true,
    moments: ['from midway'],
  },
  {
    area: 'store',
    name: 'data folder removed',
    disturbance: 'data folder removed',
    answers: ['successful'],
    recordsMayBeLost: true,
    channels: ['sms'],
    moments: ['from midway'],
  },
]

// While the store thread exits again and again, records wait in memory until it is back.
const threads: readonly Fault[] = [
  {
    area: 'store',
    name: 'thread ends',
    disturbance: 'store thread ends',
    answers: ['successful'],
    moments: ['from midway'],
  },
  {
    area: 'store',
    name: 'thread slow',
    disturbance: 'store thread slow',
    // Policy and admission take their whole time limit, so that fifty at once have a third of the budget left for
    // sending.
    answers: ['successful', 'failed'],
    channels: ['sms'],
    recordsMayBeLost: true,
  },
  {
    area: 'store',
    name: 'old records removed after the start',
    oldRecords: 150_000,
    answers: ['successful'],
    channels: ['sms'],
  },
]

// Valid bodies of nearly 64 KB that once blocked the process for seconds, and posts without authentication.
const input: readonly Fault[] = [
  ['text of 40,000 letters', { data: { messageProfile: { msgTemplate: 'a'.repeat(40_000) } } }],
  ['text of 20,000 dots', { data: { messageProfile: { msgTemplate: 'a.'.repeat(20_000) } } }],
  ['name of 50 KB to normalise', { data: { userProfile: { firstName: 'a\u0323\u0307'.repeat(10_000) } } }],
  ['locale of 40,000 letters', { data: { messageProfile: { locale: 'en-'.repeat(13_000) } } }],
].map(([name, overrides]) => ({
  area: 'input',
  name: name as string,
  overrides: overrides as Readonly<Record<string, unknown>>,
  answers: ['successful'],
  channels: ['sms'],
}))

const junkReceipts: Fault = {
  area: 'receipts',
  name: 'junk, ten posts at a time',
  disturbance: 'junk receipts',
  answers: ['successful'],
  channels: ['sms'],
}

/** Thirty codes to one number: five in ten minutes are the default limit. */
const floor: readonly Fault[] = (
  [
    ['dead', 'store thread ends again and again'],
    ['full', 'disk full'],
    ['slow', 'store thread slow'],
    ['locked', 'database locked'],
    ['removed', 'data folder removed'],
    ['well', undefined],
  ] as const
).map(([name, disturbance]) => ({
  area: 'floor',
  name: `thirty codes to one number, store ${name}`,
  ...(disturbance !== undefined && { disturbance, recordsMayBeLost: true }),
  ...(disturbance !== undefined && disturbance !== 'store thread slow' && { failing: 'store' as const }),
  answers: ['successful', 'error'],
  channels: ['sms'],
  oneNumberAtMost: 5,
}))

// With a clock an hour ahead, every code of Okta has expired: the test is whether the hook stalls or exceeds a limit.
const NO_EXPIRY = { data: { messageProfile: { otpExpires: '2100-01-01T00:00:00.000Z' } } }

/** The clock is set an hour back and an hour forward, fifty times a second. */
const clock: readonly Fault[] = (
  [
    { name: 'an hour back and forth', bySecret: true, overrides: NO_EXPIRY, answers: ['successful'] },
    {
      name: 'thirty codes, an hour back and forth',
      bySecret: true,
      overrides: NO_EXPIRY,
      answers: ['successful', 'error'],
      channels: ['sms'],
      moments: BOTH_MOMENTS,
      oneNumberAtMost: 10, // five by each clock: two hours forward start a new window of ten minutes
    },
    {
      // An hour back, the token is not valid yet.
      name: 'access tokens, an hour back and forth',
      overrides: NO_EXPIRY,
      answers: ['successful', 'unauthorized'],
      channels: ['sms'],
    },
  ] satisfies readonly Omit<Fault, 'area'>[]
).map(row => ({
  ...row,
  area: 'clock',
  disturbance: 'clock back and forth',
  logged: ['set-back', 'set-forward'].map(outcome => `"step":"clock","outcome":"${outcome}"`),
}))

const logReader: Fault = {
  area: 'log',
  name: 'reader hangs',
  disturbance: 'log reader hung',
  failing: 'log',
  logged: ['"step":"log","outcome":"dropped"'],
  answers: ['successful'],
}

const receipts: readonly Fault[] = [
  ['late', { delayMs: [200, 500] }],
  ['twice', { duplicates: 1 }],
  ['in any order, half of them twice', { disorder: 1, duplicates: 0.5 }],
  ['before the answer', { beforeAnswer: true }],
  ['of failure', { outcome: 'undelivered' }],
].map(([name, options]) => ({
  area: 'receipts',
  name: name as string,
  receipts: options as Readonly<Record<string, unknown>>,
  answers: ['successful'],
}))

const duplicates: readonly Fault[] = [
  { area: 'duplicates', name: 'at the same moment', twice: 'at once', answers: ['successful'] },
  { area: 'duplicates', name: 'later', twice: 'later', answers: ['successful'] },
  {
    area: 'duplicates',
    name: 'at the same moment, carrier hangs',
    twice: 'at once',
    rules: [{ kind: 'hang', when: 'after' }],
    answers: ['failed'],
  },
  {
    area: 'duplicates',
    name: 'later, after 500s',
    twice: 'later',
    rules: [onFirst({ kind: 'server-error', when: 'after' })],
    answers: ['failed', 'successful'],
  },
  {
    area: 'duplicates',
    name: 'at the same moment, database locked',
    twice: 'at once',
    disturbance: 'database locked',
    answers: ['successful'],
  },
]

// Processes before and after the hash keys changed places take the requests in turn.
const rotation: readonly Fault[] = [
  ['under load', {}],
  ['the same request to both at the same moment', { twice: 'at once' }],
  ['the same request later', { twice: 'later' }],
].map(([name, options]) => ({
  area: 'rotation',
  name: `hash key rotated, ${name}`,
  disturbance: 'hash key rotated',
  answers: ['successful'],
  moments: BOTH_MOMENTS,
  channels: ['sms'],
  ...(options as object),
}))
const rotatedLimits: Fault = {
  area: 'rotation',
  name: 'hash key rotated, thirty requests for one number',
  disturbance: 'hash key rotated',
  answers: ['successful', 'error'],
  oneNumberAtMost: 5,
  moments: BOTH_MOMENTS,
  channels: ['sms'],
}

/** All faults. */
export const faults: readonly Fault[] = [
  { area: 'none', name: 'no fault', answers: ['successful'] },
  ...[
    ...failOver,
    ...final,
    ...unknowns,
    ...firstCandidateFromMidway,
    ...carrier,
    ...keys,
    ...store,
    ...threads,
    ...floor,
    ...clock,
    logReader,
    ...input,
    junkReceipts,
    ...receipts,
    ...duplicates,
    ...rotation,
    rotatedLimits,
  ],
]
