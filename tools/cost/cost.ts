import { readFileSync, writeFileSync } from 'node:fs'
import {
  canaryCost,
  guidanceCost,
  hooklineCost,
  type Line,
  type PriceList,
  total,
  unauthenticatedDay,
} from './month.ts'
import list from './prices.json' with { type: 'json' }
import { assumedUsage, everythingOn, goals, minimal, statedGuidance, type Usage, volumes } from './usage.ts'

/** The tables of docs/cost.md, by the name in their markers. */
export function costTables(prices: PriceList, usage: Usage): Readonly<Record<string, string>> {
  const everything = volumes.map(messages => hooklineCost(prices, usage, everythingOn, messages))
  const least = volumes.map(messages => hooklineCost(prices, usage, minimal, messages))
  const guidance = volumes.map(messages => guidanceCost(prices, usage, messages))
  const canary = canaryCost(prices, usage)
  const { smsPartUs } = prices.prices
  const left = (lines: readonly Line[]): number => total(lines) - total(lines, 'free')
  const sums = (name: string, months: readonly number[]): readonly string[] => [name, ...months.map(money)]
  return {
    totals: table(
      ['', ...volumes.map(messages => `${count(messages)} messages`)],
      [
        sums(
          'The guidance, list prices',
          guidance.map(lines => total(lines)),
        ),
        sums(
          `${everythingOn.name}, list prices`,
          everything.map(lines => total(lines)),
        ),
        sums('… less what CloudWatch gives every account', everything.map(left)),
        sums(
          `${minimal.name}, list prices`,
          least.map(lines => total(lines)),
        ),
        sums('… less what CloudWatch gives every account', least.map(left)),
        sums(
          'In addition: the messages, if they are US texts of one part',
          volumes.map(messages => messages * smsPartUs.dollars),
        ),
        sums(
          'In addition: the same in two parts',
          volumes.map(messages => 2 * messages * smsPartUs.dollars),
        ),
      ],
    ),
    crossing: `${everythingOn.name} costs as much as the guidance at about ${count(crossing(prices, usage))} messages a month, at list prices. With fewer it costs less, with more it costs more.\n`,
    goals: table(
      ['at 1,000 messages', 'goal', 'list prices', '', 'less the allowance', ''],
      goals.map(({ profile, atMost }) => {
        const lines = hooklineCost(prices, usage, profile, 1_000)
        const [full, rest] = [total(lines), left(lines)]
        return [
          profile.name,
          `at most ${money(atMost)}`,
          money(full),
          verdict(full, atMost),
          money(rest),
          verdict(rest, atMost),
        ]
      }),
    ),
    stated: table(
      ['the guidance', 'stated', 'counted here', 'difference'],
      volumes.map((messages, at) => {
        const counted = total(guidance[at] ?? [])
        const stated = statedGuidance[at] ?? Number.NaN
        return [`${count(messages)} messages`, money(stated), money(counted), money(counted - stated)]
      }),
    ),
    everything: lineTable(everything),
    minimal: lineTable(least),
    guidance: lineTable(guidance),
    canary: table(
      ['what', 'how it is counted', 'a month'],
      [
        ...canary.map(({ what, how, dollars }) => [what, how, money(dollars)]),
        ['**Together**', '', `**${money(total(canary))}**`],
      ],
    ),
    unauthenticated: table(
      ['requests', 'what is paid', ...RATES.map(perSecond => `${count(perSecond)} a second, all day`)],
      unauthenticatedDay(prices, usage, 1).map(({ what, how }, at) => [
        what,
        how,
        ...RATES.map(perSecond =>
          money(unauthenticatedDay(prices, usage, perSecond)[at]?.dollars ?? Number.NaN),
        ),
      ]),
    ),
    usage: table(
      ['figure', 'value', 'why'],
      Object.entries(usage).map(([name, { value, why }]) => [`\`${name}\``, String(value), why]),
    ),
    prices: table(
      ['what', 'price', 'a', 'from', 'confirmed'],
      Object.values(prices.prices).map(({ what, dollars, unit, page, confirmed }) => [
        what,
        `$${dollars}`,
        unit,
        `[page](${page})`,
        confirmed,
      ]),
    ),
  }
}

/** 10,000 is the default limit of API Gateway for an account in a region. */
const RATES = [100, 1_000, 10_000] as const

/** The page with its tables replaced by newly computed ones. */
export function costPage(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, rows]) => {
    const [begin, end] = [`<!-- cost: ${name} -->`, '<!-- cost: end -->']
    const from = text.indexOf(begin)
    const to = text.indexOf(end, from)
    if (from < 0 || to < 0) throw new Error(`docs/cost.md has no "${begin}" with an "${end}" after it.`)
    return `${text.slice(0, from)}${begin}\n${rows}${text.slice(to)}`
  }, page)
}

/** From how many messages a month, in steps of 100,000, Hookline costs more than the guidance. */
export function crossing(prices: PriceList, usage: Usage): number {
  const step = 100_000
  const costsMore = (messages: number): boolean =>
    total(hooklineCost(prices, usage, everythingOn, messages)) > total(guidanceCost(prices, usage, messages))
  for (let messages = step; messages <= 100_000_000; messages += step)
    if (costsMore(messages)) return messages
  return Number.POSITIVE_INFINITY
}

/** One row for each line of the bill, one column for each volume. */
function lineTable(months: readonly (readonly Line[])[]): string {
  const [first = []] = months
  const rows = first.map(({ what, how }, at) => [
    what,
    how,
    ...months.map(lines => money(lines[at]?.dollars ?? Number.NaN)),
  ])
  return table(
    ['what', 'how it is counted', ...volumes.map(count)],
    [...rows, ['**Together**', '', ...months.map(lines => `**${money(total(lines))}**`)]],
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('')
}

function verdict(dollars: number, atMost: number): string {
  return dollars <= atMost ? 'kept' : `**missed by ${money(dollars - atMost)}**`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function money(dollars: number): string {
  const cents = Math.abs(dollars).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  return `${dollars < 0 && cents !== '0.00' ? '-' : ''}$${cents}`
}

if (import.meta.main) {
  const page = new URL('../../docs/cost.md', import.meta.url)
  const tables = costTables(list, assumedUsage)
  if (process.argv.includes('--write')) {
    writeFileSync(page, costPage(readFileSync(page, 'utf8'), tables))
    process.stdout.write('docs/cost.md written\n')
  } else {
    process.stdout.write(
      Object.entries(tables)
        .map(([name, rows]) => `${name}\n\n${rows}`)
        .join('\n'),
    )
  }
}
