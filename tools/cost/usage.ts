/** What a message uses. These values were not measured on AWS; replace them with measured ones. */
export const assumedUsage = {
  hookMs: { value: 250, why: 'hook function, 512 MB: it waits for the carrier, and waiting is billed' },
  receiptMs: { value: 20, why: 'receipts function, 256 MB: one write to the table' },
  authorizerMs: {
    value: 10,
    why: 'authorizer function, or the hook with OneFunction, 512 MB: one signature',
  },
  authorizerCallsAnHour: {
    value: 12,
    why: 'its answer is cached for 5 minutes by token, and Okta keeps its token',
  },
  receiptsAMessage: { value: 1.3, why: 'mostly one final event, sometimes one before it' },
  writesAMessage: {
    value: 8,
    why: "number 1 and its place in an index 2, user 1, delivery 1 and its two indexes 2, the fraud rule's phone 1",
  },
  writesAReceipt: { value: 1, why: 'one update of the delivery' },
  readsAMessage: {
    value: 7.5,
    why: "the fraud rule's records 4, with its receipt 3; the policy stays in memory, and its version is read now and then",
  },
  figuresMs: { value: 100, why: 'figures function, 512 MB: about ten reads, one after another' },
  figuresReadsARun: {
    value: 9,
    why: 'where it stopped, marks, what was counted before, and the version of the policy',
  },
  figuresReadsAMessage: {
    value: 12,
    why: 'delivery, receipts and message: six times eventually consistent, once strongly',
  },
  figuresWritesAMinute: {
    value: 6,
    why: 'in minutes with traffic: their figures as often as they change, and a share of those of the hour',
  },
  routesWithChoice: {
    value: 1,
    why: 'countries and channels whose route has several identities: only there codes are compared',
  },
  sampleKb: { value: 14, why: 'the newest codes of such a route, at most; read and written as one item' },
  canaryMs: {
    value: 10_000,
    why: 'canary function, 256 MB: it waits for the receipt, which takes seconds, or three minutes if none comes',
  },
  canaryReads: { value: 60, why: 'two looks a second: the index, the delivery and its receipts' },
  storedKbAMessage: { value: 1.5, why: 'delivery 1 KB, index entries, number and user items; 30 days' },
  logKbAMessage: { value: 2, why: "our lines, Lambda's lines and the access log" },
  wafLogKbAMessage: { value: 1, why: 'one record a request, credentials redacted' },
  outKbAMessage: { value: 1, why: 'the answer to Okta; calls within the region are free' },
  troubleMetrics: {
    value: 9,
    why: 'Failed, Unknown, Refused, FailOvers, InternalErrors, UnauthenticatedCallers, StoreTrouble, Throttled, Unauthenticated',
  },
  troubleShare: {
    value: 0.01,
    why: 'share of messages that write such a metric: all nine of them, so rather high',
  },
  secretReadsAnHour: { value: 2, why: 'once for each new instance of a function' },
  keyUses: { value: 4, why: 'table, topic, queue and secret; each asks for its key again after 5 minutes' },
  unauthenticatedLogKb: {
    value: 3,
    why: "a refused credential: the authorizer's line and Lambda's, the access log, the firewall's record",
  },
  refusedLogKb: { value: 1.5, why: "a call that got 429: the access log and the firewall's record" },
  guidanceHookMs: {
    value: 500,
    why: "the guidance's function: two new connections, a scan, then the carrier",
  },
  guidanceWafLogKb: { value: 2, why: 'its WAF log is not redacted: the token, about 1 KB, is in it' },
} as const

export const everythingOn: Profile = {
  name: 'Hookline, everything on',
  webAclRules: 5,
  // infra/parts/alarms.ts: a sum of metrics counts each of them; two watch what the firewall blocks.
  alarmMetrics: 17,
  keys: 1,
  dashboards: 1,
  receiptsFromEventBridge: false,
}
/** What `hookline deploy --minimal` switches off. */
export const minimal: Profile = {
  name: 'Hookline, minimal',
  webAclRules: 0,
  alarmMetrics: 10,
  keys: 0,
  dashboards: 0,
  receiptsFromEventBridge: false,
}
export const volumes = [1_000, 100_000, 10_000_000] as const
/** Published costs of the guidance, by volume. */
export const statedGuidance = [31.46, 32.51, 139.44] as const
/** At 1,000 messages a month. */
export const goals = [
  { profile: everythingOn, atMost: 13 },
  { profile: minimal, atMost: 2 },
] as const

export type Usage = Readonly<
  Record<keyof typeof assumedUsage, { readonly value: number; readonly why: string }>
>
export type Profile = {
  readonly name: string
  readonly webAclRules: number
  readonly alarmMetrics: number
  readonly keys: number
  readonly dashboards: number
  readonly receiptsFromEventBridge: boolean
}
