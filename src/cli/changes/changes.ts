import { type Command, Option } from 'commander'
import { describeDifference } from '../../advice/describe-change.ts'
import { type ChangeQuery, type LoggedChange, loggedThings } from '../../core/policy/change-log.ts'
import { printable } from '../../core/values/printable.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readNumber } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { table, wrap } from '../terminal/table.ts'

type Options = Pick<ChangeQuery, 'what' | 'before'> & {
  readonly limit: string
  readonly since?: string
  readonly json?: boolean
}

/** `hookline changes`: who changed what, and who looked up a person. */
export function changesCommand(command: Command, context: Context): void {
  command
    .addOption(new Option('--what <what>', 'only changes of this').choices(loggedThings))
    .option('--since <time>', 'only those since then: 30m, 24h or 7d, or a time such as 2026-11-28T09:00Z')
    .option('--limit <count>', 'how many, 1 to 1000', '20')
    .option('--before <position>', 'those before this position, which --json prints, to page on')
    .option('--json', 'print one JSON object per line with the complete values, for programs')
    .action(async ({ limit, what, since, before, json }: Options) => {
      const query = {
        limit: readNumber('--limit', limit, { min: 1, max: 1000 }),
        ...(what !== undefined && { what }),
        ...(since !== undefined && { since: readSince(since, context.now()) }),
        ...(before !== undefined && { before: readPosition(before) }),
      }
      const changes = await withStore(context, store => store.listChanges(query))
      if (json) for (const change of changes) context.print(JSON.stringify(change))
      else context.print(describeChanges(changes, query.limit))
    })
}

/** Newest first, as the store lists them. */
function describeChanges(changes: readonly LoggedChange[], limit: number): string {
  if (changes.length === 0) return 'No changes.'
  const list = table(
    ['at (UTC)', 'by', 'what', 'change', 'because'],
    changes.flatMap(({ at, author, what, because = '', differences }) => {
      const described = differences.slice(0, LINES_MAX).map(one => describeDifference(what, one))
      const lines = described.flatMap(line => wrap(printable(line), CHANGE_WIDTH).split('\n'))
      const more = differences.length - described.length
      if (more > 0) lines.push(`and ${more} more`)
      const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ')
      return lines.map((line, index) =>
        index === 0 ? [time, author, what, line, because] : ['', '', '', line, ''],
      )
    }),
  )
  return changes.length < limit ? list : `${list}\n\nThe newest ${limit}. More: --limit 1000, or --since 7d.`
}

/** A moment in milliseconds since 1970: a duration before now, or a time. */
function readSince(text: string, now: number): number {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return now - Number(count) * (UNITS[unit] ?? 0)
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new Problem(
    'usage',
    `--since is "${text}"; expected 30m, 24h or 7d, or a time such as 2026-11-28T09:00Z.`,
  )
}

function readPosition(text: string): string {
  if (POSITIONS.test(text)) return text
  throw new Problem('usage', `--before is "${text}"; expected the position of an entry that --json printed.`)
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
/** A number in the file of a server; two places in a table. */
const POSITIONS = /^(\d{1,16}|[\w #~-]+\|[\w #~-]+)$/
const LINES_MAX = 5
const CHANGE_WIDTH = 72
