import type prices from './prices.json'
import type { Profile, Usage } from './usage.ts'

export type PriceList = typeof prices
/** One line of a month's bill. `free`: the reduction by CloudWatch's always-free allowance. */
export type Line = {
  readonly what: string
  readonly how: string
  readonly dollars: number
  readonly free: number
}
type Prices = PriceList['prices']

const HOURS = 730
const MILLION = 1e6
const KB_IN_GB = 1e6
/** Stored logs are billed compressed; AWS's own examples assume this ratio. */
const COMPRESSED = 0.15

/** A month of Hookline without the messages themselves. */
export function hooklineCost(
  { prices: price, alwaysFree }: PriceList,
  usage: Usage,
  { webAclRules, alarmMetrics, keys, dashboards, receiptsFromEventBridge }: Profile,
  messages: number,
): readonly Line[] {
  const used = (name: keyof Usage): number => usage[name].value
  const millions = messages / MILLION
  const hours = spread(messages, HOURS)
  const receipts = used('receiptsAMessage') * (receiptsFromEventBridge ? 2 : 1)
  const writes = used('writesAMessage') + receipts * used('writesAReceipt')
  const storedGb = (messages * used('storedKbAMessage')) / KB_IN_GB
  const authorized = hours * used('authorizerCallsAnHour')
  const gbSeconds =
    (messages * (0.5 * used('hookMs') + 0.25 * receipts * used('receiptMs')) +
      0.5 * authorized * used('authorizerMs')) /
    1000
  const trouble = used('troubleMetrics')
  const metricHours = hours + trouble * spread(messages * used('troubleShare'), HOURS)
  const logKb = used('logKbAMessage') + (webAclRules > 0 ? used('wafLogKbAMessage') : 0)
  return [
    ...(webAclRules > 0 ? [firewall(price, webAclRules, millions)] : []),
    ...(keys > 0
      ? [
          line(
            'KMS key',
            `${keys} × ${usd(price.key)}; ${used('keyUses')} uses in 5 minutes with traffic, ${usd(price.keyRequests)} per 10,000`,
            keys * price.key.dollars +
              (used('keyUses') * spread(messages, HOURS * 12) * price.keyRequests.dollars) / 10_000,
          ),
        ]
      : []),
    line(
      'Secret',
      `1 × ${usd(price.secret)}; ${used('secretReadsAnHour')} reads in an hour with traffic, ${usd(price.secretReads)} per 10,000`,
      price.secret.dollars + (used('secretReadsAnHour') * hours * price.secretReads.dollars) / 10_000,
    ),
    ...(dashboards > 0
      ? [
          line(
            'Dashboard',
            `${dashboards} × ${usd(price.dashboard)}`,
            dashboards * price.dashboard.dollars,
            covered(alwaysFree.dashboards, dashboards),
          ),
        ]
      : []),
    line(
      'Alarms',
      `${alarmMetrics} metrics × ${usd(price.alarmMetric)}`,
      alarmMetrics * price.alarmMetric.dollars,
      covered(alwaysFree.alarmMetrics, alarmMetrics),
    ),
    line(
      'Custom metrics',
      `${usd(price.customMetric)} each, by the hour: 1 in hours with traffic, ${trouble} in hours with trouble`,
      (metricHours / HOURS) * price.customMetric.dollars,
      covered(alwaysFree.customMetrics, 1 + trouble),
    ),
    gateway(price, millions),
    line(
      'Lambda, arm64',
      `hook ${used('hookMs')} ms, receipts ${receipts} × ${used('receiptMs')} ms; $${price.lambdaArm.dollars} a GB-second, ${usd(price.lambdaRequests)} a million calls`,
      gbSeconds * price.lambdaArm.dollars +
        (millions * (1 + receipts) + authorized / MILLION) * price.lambdaRequests.dollars,
    ),
    line(
      'Table, used',
      `${writes} write units at ${usd(price.tableWrites)}, ${used('readsAMessage')} read units at ${usd(price.tableReads)} a million`,
      millions * (writes * price.tableWrites.dollars + used('readsAMessage') * price.tableReads.dollars),
    ),
    figures(price, usage, messages),
    shares(price, usage, messages),
    line(
      'Table, kept',
      `${used('storedKbAMessage')} KB a message; storage ${usd(price.tableKept)}, recovery ${usd(price.tableRecovery)} a GB`,
      storedGb * (price.tableKept.dollars + price.tableRecovery.dollars),
    ),
    line(
      'Receipts by SNS',
      `${used('receiptsAMessage')} × ${usd(price.topicPublishes)} a million; to Lambda, and from EventBridge: free`,
      millions * used('receiptsAMessage') * price.topicPublishes.dollars,
    ),
    logs(price, logKb, messages),
    transfer(price, usage, messages),
  ]
}

/** A month of canaries, one each hour, if their texts are US texts of one part. */
export function canaryCost({ prices: price }: PriceList, usage: Usage): readonly Line[] {
  const { canaryMs, canaryReads, hookMs, writesAMessage, writesAReceipt } = usage
  const gbSeconds = (HOURS * (0.25 * canaryMs.value + 0.5 * hookMs.value)) / 1000
  const writes = writesAMessage.value + writesAReceipt.value
  return [
    line('Texts', `${HOURS} × ${usd(price.smsPartUs)}`, HOURS * price.smsPartUs.dollars),
    line('Alarm', `1 metric × ${usd(price.alarmMetric)}`, price.alarmMetric.dollars),
    line('Custom metric', `1 × ${usd(price.customMetric)}`, price.customMetric.dollars),
    line(
      'Lambda, arm64',
      `canary ${canaryMs.value} ms, hook ${hookMs.value} ms; $${price.lambdaArm.dollars} a GB-second, ${usd(price.lambdaRequests)} a million calls`,
      gbSeconds * price.lambdaArm.dollars + ((3 * HOURS) / MILLION) * price.lambdaRequests.dollars,
    ),
    line(
      'Table',
      `${writes} write units at ${usd(price.tableWrites)}, ${canaryReads.value} read units at ${usd(price.tableReads)} a million`,
      (HOURS * (writes * price.tableWrites.dollars + canaryReads.value * price.tableReads.dollars)) / MILLION,
    ),
  ]
}

/** A month of the published guidance, counted from its template. */
export function guidanceCost({ prices: price }: PriceList, usage: Usage, messages: number): readonly Line[] {
  const millions = messages / MILLION
  const { guidanceHookMs, guidanceWafLogKb, logKbAMessage } = usage
  return [
    firewall(price, 2, millions),
    line('KMS keys', `7 × ${usd(price.key)}`, 7 * price.key.dollars),
    line(
      'Stage cache, 0.5 GB',
      `${HOURS} hours × ${usd(price.stageCache)}`,
      HOURS * price.stageCache.dollars,
    ),
    line(
      'Table, provisioned',
      `${HOURS} hours × (5 × $${price.writeCapacity.dollars} + 5 × $${price.readCapacity.dollars})`,
      HOURS * 5 * (price.writeCapacity.dollars + price.readCapacity.dollars),
    ),
    gateway(price, millions),
    line(
      'Lambda, x86',
      `${guidanceHookMs.value} ms of 512 MB; $${price.lambdaX86.dollars} a GB-second, ${usd(price.lambdaRequests)} a million calls`,
      (messages * 0.5 * guidanceHookMs.value * price.lambdaX86.dollars) / 1000 +
        millions * price.lambdaRequests.dollars,
    ),
    logs(price, logKbAMessage.value + guidanceWafLogKb.value, messages),
    transfer(price, usage, messages),
  ]
}

/** What unauthenticated callers can cost in a day at most, by kind and rate. */
export function unauthenticatedDay(
  { prices: price }: PriceList,
  usage: Usage,
  perSecond: number,
): readonly { readonly what: string; readonly how: string; readonly dollars: number }[] {
  const day = 86_400
  const millions = (perSecond * day) / MILLION
  const logged = (kb: number, requests: number): number =>
    ((requests * kb) / KB_IN_GB) * (price.logsIn.dollars + COMPRESSED * price.logsKept.dollars)
  const waf = millions * price.wafRequests.dollars
  const letThrough = Math.min(perSecond, THROTTLING_RATE) * day
  const authorizer =
    (letThrough / MILLION) * price.lambdaRequests.dollars +
    ((letThrough * 0.5 * usage.authorizerMs.value) / 1000) * price.lambdaArm.dollars
  const shaped =
    waf +
    (letThrough / MILLION) * price.restRequests.dollars +
    authorizer +
    logged(usage.unauthenticatedLogKb.value, letThrough) +
    logged(usage.refusedLogKb.value, perSecond * day - letThrough)
  const share = `${usd(price.wafRequests)} a million in the firewall`
  return [
    {
      what: 'without the shape of a credential',
      how: `${share}; no log, no call of anything behind it`,
      dollars: waf,
    },
    {
      what: 'with a forged credential, each another one',
      how: `${share}; ${THROTTLING_RATE} a second come through: ${usd(price.restRequests)} a million in API Gateway, the authorizer (with OneFunction, the hook), ${usage.unauthenticatedLogKb.value} KB of logs; the rest is refused: ${usage.refusedLogKb.value} KB of logs`,
      dollars: shaped,
    },
  ]
}

/** The default of the parameter ThrottlingRate. */
const THROTTLING_RATE = 100

export function total(lines: readonly Line[], part: 'dollars' | 'free' = 'dollars'): number {
  return lines.reduce((sum, each) => sum + each[part], 0)
}

function firewall(price: Prices, rules: number, millions: number): Line {
  return line(
    'WAF',
    `web ACL ${usd(price.webAcl)}, ${rules} rules × ${usd(price.webAclRule)}, ${usd(price.wafRequests)} a million requests`,
    price.webAcl.dollars + rules * price.webAclRule.dollars + millions * price.wafRequests.dollars,
  )
}

function gateway(price: Prices, millions: number): Line {
  return line(
    'API Gateway',
    `${usd(price.restRequests)} a million requests`,
    millions * price.restRequests.dollars,
  )
}

function figures(price: Prices, usage: Usage, messages: number): Line {
  const { figuresMs, figuresReadsARun, figuresReadsAMessage, figuresWritesAMinute } = usage
  const runs = HOURS * 60
  const reads = runs * figuresReadsARun.value + messages * figuresReadsAMessage.value
  const writes = runs + figuresWritesAMinute.value * spread(messages, runs)
  return line(
    'Figures',
    `a run of ${figuresMs.value} ms each minute, ${figuresReadsARun.value} read units and a write unit; ${figuresReadsAMessage.value} read units a message, ${figuresWritesAMinute.value} write units in a minute with traffic`,
    (runs * 0.5 * figuresMs.value * price.lambdaArm.dollars) / 1000 +
      (runs * price.lambdaRequests.dollars +
        reads * price.tableReads.dollars +
        writes * price.tableWrites.dollars) /
        MILLION,
  )
}

function shares(price: Prices, usage: Usage, messages: number): Line {
  const { routesWithChoice, sampleKb } = usage
  const items = routesWithChoice.value * spread(messages, HOURS * 60)
  const reads = Math.ceil(sampleKb.value / 4)
  return line(
    'Shares of routes',
    `in a minute with traffic, ${sampleKb.value} write units and ${reads} read units for a route with several identities, of which there is ${routesWithChoice.value}`,
    (items * (sampleKb.value * price.tableWrites.dollars + reads * price.tableReads.dollars)) / MILLION,
  )
}

function logs(price: Prices, kb: number, messages: number): Line {
  const gb = (messages * kb) / KB_IN_GB
  return line(
    'Logs',
    `${kb} KB a message at ${usd(price.logsIn)} a GB; kept 30 days at ${usd(price.logsKept)}, compressed`,
    gb * (price.logsIn.dollars + COMPRESSED * price.logsKept.dollars),
  )
}

function transfer(price: Prices, usage: Usage, messages: number): Line {
  const gb = (messages * usage.outKbAMessage.value) / KB_IN_GB
  return line(
    'Data out',
    `${usage.outKbAMessage.value} KB a message at ${usd(price.transferOut)} a GB`,
    gb * price.transferOut.dollars,
  )
}

function line(what: string, how: string, dollars: number, freeShare = 0): Line {
  return { what, how, dollars, free: dollars * freeShare }
}

/** The expected number of hours, out of all hours, in which an event with a constant random rate happens at least once. */
function spread(events: number, hours: number): number {
  return hours * (1 - Math.exp(-events / hours))
}

function covered(allowance: number, count: number): number {
  return Math.min(1, allowance / count)
}

function usd({ dollars }: { readonly dollars: number }): string {
  // Whole cents with two decimals; smaller amounts in full.
  return `$${Number.isInteger(dollars * 100) ? dollars.toFixed(2) : dollars}`
}
