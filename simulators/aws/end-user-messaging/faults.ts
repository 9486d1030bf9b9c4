import type { Request } from './aws-endpoint.ts'
import type { Problem } from './control-input.ts'
import type { Fault } from './fault.ts'
import { type FaultRule, readFaultRule } from './fault-rule.ts'

/** Failures on demand: rules, in the order in which they were added. */
export type Faults = {
  /** Checks one rule or an array of rules and adds them all, or returns a problem and adds none. */
  add(input: unknown): readonly FaultStatus[] | Problem
  list(): readonly FaultStatus[]
  clear(): void
  /** The fault of the first rule that matches, has uses left and is chosen by its probability. */
  faultFor(request: Request): Fault | undefined
}

/** A rule as it was sent, and how many times it has applied. */
type FaultStatus = Readonly<Record<string, unknown>> & { readonly used: number }

/** Starts without rules. `random` returns numbers from 0 to below 1. */
export function createFaults(random: () => number): Faults {
  let rules: { readonly rule: FaultRule; used: number }[] = []
  const list = () => rules.map(({ rule, used }) => ({ ...rule.input, used }))

  return {
    list,
    add(input) {
      const added: FaultRule[] = []
      for (const candidate of Array.isArray(input) ? input : [input]) {
        const rule = readFaultRule(candidate)
        if ('problem' in rule) return rule
        added.push(rule)
      }
      if (rules.length + added.length > RULES_MAX)
        return { problem: `there can be at most ${RULES_MAX} rules` }
      rules = [...rules, ...added.map(rule => ({ rule, used: 0 }))]
      return list()
    },
    clear() {
      rules = []
    },
    faultFor(request) {
      for (const entry of rules) {
        const { rule } = entry
        if (entry.used >= rule.times || !matches(rule, request)) continue
        if (rule.probability < 1 && random() >= rule.probability) continue
        entry.used += 1
        return rule.fault
      }
      return undefined
    },
  }
}

const RULES_MAX = 100

/** Only a rule that names its operation applies to a request that sends nothing. */
function matches({ match }: FaultRule, request: Request): boolean {
  const { operation } = request
  if (request.kind !== 'send') return match.operation === operation
  const { content } = request
  if (match.operation !== undefined && match.operation !== operation) return false
  if (match.to !== undefined && match.to !== content.to) return false
  return match.from === undefined || match.from === content.from
}
