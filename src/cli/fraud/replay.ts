import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { readBudgets } from '../../advice/fraud/read-budgets.ts'
import { readTraffic } from '../../advice/fraud/read-traffic.ts'
import { createReplay, type ReplayDecision, readRules } from '../../advice/fraud/replay.ts'
import type { BudgetAlarm } from '../../core/policy/credit/budget.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { Context } from '../terminal/context.ts'
import { readJsonWith } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'

/** `hookline fraud replay`: the decisions of the rule about a file of traffic. */
export function replayCommand(fraud: Command, context: Context): void {
  fraud
    .command('replay')
    .description('Show what the fraud rule would do with recorded traffic. Sends nothing; needs no store.')
    .argument('<file>', 'one JSON object a line, in order of time (docs/fraud.md); - for standard input')
    .option('--rules <file>', 'JSON file with other constants; those that it leaves out stay as they are')
    .option('--budgets <file>', 'JSON file with daily budgets and prices (docs/fraud.md); none without it')
    .option('--json', 'print one JSON object for each request, for programs')
    .action(async (file: string, options: { rules?: string; budgets?: string; json?: boolean }) => {
      const rules = options.rules === undefined ? creditRules : await readJsonWith(options.rules, readRules)
      const plan =
        options.budgets === undefined ? undefined : await readJsonWith(options.budgets, readBudgets)
      const summary = createSummary()
      let lines: string[] = []
      const flush = (): void => {
        if (lines.length > 0) context.print(lines.join('\n'))
        lines = []
      }
      try {
        for await (const decision of replay(file, createReplay(rules, defaultLimits, plan))) {
          if (!options.json) summary.add(decision)
          else if (lines.push(jsonOf(decision)) >= LINES_AT_ONCE) flush()
        }
      } finally {
        flush()
      }
      if (!options.json) context.print(summary.text())
    })
}

async function* replay(
  file: string,
  decide: ReturnType<typeof createReplay>,
): AsyncGenerator<ReplayDecision> {
  const name = file === '-' ? 'standard input' : file
  for await (const event of readTraffic(chunksOf(file, name))) {
    if ('problem' in event) throw new Problem('usage', `${name}, ${event.problem}.`)
    const decision = decide(event)
    if (decision !== undefined) yield decision
  }
}

async function* chunksOf(file: string, name: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, file === '-' ? { fd: 0, autoClose: false } : {})
  } catch (error) {
    throw new Problem('usage', `${name} cannot be read: ${messageOf(error)}`)
  }
}

function jsonOf(decision: ReplayDecision): string {
  const { id } = decision
  if (decision.decision !== 'held') return JSON.stringify({ id, decision: decision.decision })
  const { reason, hold } = decision
  return JSON.stringify({
    id,
    decision: 'held',
    reason,
    ...(hold?.group !== undefined && { group: hold.group.replace(/:$/, '') }),
  })
}

/** Counts of decisions, and the groups that were held, those with the most held requests first. */
function createSummary() {
  const counts = { sent: 0, held: 0, skipped: 0 }
  const alarms: string[] = []
  const reasons = new Map<string, { held: number; readonly groups: Set<string> }>()
  return {
    add: (decision: ReplayDecision): void => {
      counts[decision.decision] += 1
      if (decision.decision === 'sent') alarms.push(...(decision.alarms ?? []).map(describeAlarm))
      if (decision.decision !== 'held') return
      const reason = reasons.get(decision.reason) ?? { held: 0, groups: new Set() }
      reasons.set(decision.reason, reason)
      reason.held += 1
      if (decision.hold?.group !== undefined) reason.groups.add(decision.hold.group.replace(/:$/, ''))
    },
    text: (): string => {
      const { sent, held, skipped } = counts
      const total = `${sent + held} ${sent + held === 1 ? 'request' : 'requests'}: ${sent} sent, ${held} held.${skipped > 0 ? ` ${skipped} skipped: the condition in "onlyIf" was not met.` : ''}`
      const head = [total, ...alarms].join('\n')
      if (reasons.size === 0) return head
      const rows = [...reasons]
        .sort(([, one], [, other]) => other.held - one.held)
        .map(([reason, { held: count, groups }]) => [reason, String(count), some([...groups])])
      return `${head}\n\n${table(['reason', 'held', 'groups'], rows)}`
    },
  }
}

function describeAlarm({ country, share, spent, budget }: BudgetAlarm): string {
  const { messages, dollars } = budget
  const parts = [
    ...(messages === undefined ? [] : [`${spent.messages} of ${messages} messages`]),
    ...(dollars === undefined ? [] : [`$${spent.dollars.toFixed(2)} of $${dollars}`]),
  ]
  const day = new Date(spent.day * 86_400_000).toISOString().slice(0, 10)
  const whose = country === undefined ? 'The budget of all countries' : `The budget of ${country}`
  return `${whose} is ${share === 'half' ? 'half spent' : 'spent'} on ${day}: ${parts.join(', ')}.`
}

function some(groups: readonly string[]): string {
  const first = groups.slice(0, GROUPS_SHOWN).join(', ')
  return groups.length > GROUPS_SHOWN ? `${first} and ${groups.length - GROUPS_SHOWN} more` : first
}

const LINES_AT_ONCE = 1_000
const GROUPS_SHOWN = 5
