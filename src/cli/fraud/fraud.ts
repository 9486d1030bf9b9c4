import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { readRules } from '../../advice/fraud/read-rules.ts'
import { readTraffic } from '../../advice/fraud/read-traffic.ts'
import { createReplay, type ReplayDecision } from '../../advice/fraud/replay.ts'
import { type CreditRules, creditRules } from '../../core/policy/credit/rules.ts'
import { messageOf } from '../../core/values/printable.ts'
import type { CloudContext } from '../terminal/context.ts'
import { readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'
import { episodesCommand } from './episodes.ts'
import { exportCommand } from './export.ts'
import { modeCommand } from './mode.ts'
import { overrideCommands } from './overrides.ts'
import { statusCommand } from './status.ts'

/** `hookline fraud`: the rule against toll fraud. */
export function fraudCommand(fraud: Command, context: CloudContext): void {
  statusCommand(fraud, context)
  episodesCommand(fraud, context)
  modeCommand(fraud, context)
  overrideCommands(fraud, context)
  exportCommand(fraud, context)
  fraud
    .command('replay')
    .description('Show what the fraud rule would do with recorded traffic. Sends nothing; needs no store.')
    .argument('<file>', 'one JSON object a line, in order of time (docs/fraud.md); - for standard input')
    .option('--rules <file>', 'JSON file with other constants; those that it leaves out stay as they are')
    .option('--json', 'print one JSON object for each request, for programs')
    .action(async (file: string, options: { rules?: string; json?: boolean }) => {
      const rules = options.rules === undefined ? creditRules : await rulesOf(options.rules)
      const summary = createSummary()
      let lines: string[] = []
      const flush = (): void => {
        if (lines.length > 0) context.print(lines.join('\n'))
        lines = []
      }
      try {
        for await (const decision of replay(file, rules)) {
          if (!options.json) summary.add(decision)
          else if (lines.push(jsonOf(decision)) >= LINES_AT_ONCE) flush()
        }
      } finally {
        flush()
      }
      if (!options.json) context.print(summary.text())
    })
}

async function rulesOf(path: string): Promise<CreditRules> {
  const text = await readTextFile(path)
  const rules = readRules(parsed(text, path))
  if ('problem' in rules) throw new Problem('usage', `${path}: ${rules.problem}`)
  return rules
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('usage', `${path} is not JSON: ${messageOf(error)}`)
  }
}

async function* replay(file: string, rules: CreditRules): AsyncGenerator<ReplayDecision> {
  const decide = createReplay(rules)
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
  if (decision.decision !== 'held') return JSON.stringify(decision)
  const { id, reason, hold } = decision
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
  const reasons = new Map<string, { held: number; readonly groups: Set<string> }>()
  return {
    add: (decision: ReplayDecision): void => {
      counts[decision.decision] += 1
      if (decision.decision !== 'held') return
      const reason = reasons.get(decision.reason) ?? { held: 0, groups: new Set() }
      reasons.set(decision.reason, reason)
      reason.held += 1
      if (decision.hold?.group !== undefined) reason.groups.add(decision.hold.group.replace(/:$/, ''))
    },
    text: (): string => {
      const { sent, held, skipped } = counts
      const total = `${sent + held} ${sent + held === 1 ? 'request' : 'requests'}: ${sent} sent, ${held} held.${skipped > 0 ? ` ${skipped} skipped: the condition in "onlyIf" was not met.` : ''}`
      if (reasons.size === 0) return total
      const rows = [...reasons]
        .sort(([, one], [, other]) => other.held - one.held)
        .map(([reason, { held: count, groups }]) => [reason, String(count), some([...groups])])
      return `${total}\n\n${table(['reason', 'held', 'groups'], rows)}`
    },
  }
}

function some(groups: readonly string[]): string {
  const first = groups.slice(0, GROUPS_SHOWN).join(', ')
  return groups.length > GROUPS_SHOWN ? `${first} and ${groups.length - GROUPS_SHOWN} more` : first
}

const LINES_AT_ONCE = 1_000
const GROUPS_SHOWN = 5
