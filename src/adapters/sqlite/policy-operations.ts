import type { DatabaseSync } from 'node:sqlite'
import { type AnswerFlows, flowsWith } from '../../core/policy/answer-flow.ts'
import type { NewFraudPolicy } from '../../core/policy/fraud-policy.ts'
import type { Limits } from '../../core/policy/limits.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { Editor } from '../../core/policy/policy-store.ts'
import type { Route } from '../../core/policy/route.ts'
import type { NewRoutingPolicy } from '../../core/policy/routing-policy.ts'
import { allOrNone } from './all-or-none.ts'
import { policyChanger, policyReader } from './policy-rows.ts'

/**
 * Routes and their shares, limits, and the mode of the fraud rule. Each change increments the version of the policy.
 * Templates are saved in `template-operations.ts`.
 */
export function policyOperations(database: DatabaseSync) {
  const flows = database.prepare('SELECT answer_flows FROM policy_version')
  const saveFlows = database.prepare('UPDATE policy_version SET answer_flows = ?, version = version + 1')
  const saveRoute = database.prepare(
    'INSERT OR REPLACE INTO routes (country, channel, candidates) VALUES (?, ?, ?)',
  )
  const saveFraud = database.prepare('INSERT OR REPLACE INTO fraud_policy (id, policy) VALUES (1, ?)')
  const saveRouting = database.prepare('INSERT OR REPLACE INTO routing_policy (id, policy) VALUES (1, ?)')
  const saveLimits = database.prepare('INSERT OR REPLACE INTO limits (id, limits) VALUES (1, ?)')
  const { readVersion, readContent } = policyReader(database)
  const change = policyChanger(database)

  const readFlows = (): AnswerFlows | undefined => {
    const { answer_flows: text } = flows.get() as { answer_flows: string | null }
    return text === null ? undefined : (JSON.parse(text) as AnswerFlows)
  }
  return {
    readPolicy: (known?: number): StoredPolicy | undefined => {
      if (readVersion() === known) return undefined
      return allOrNone(database, () => {
        const answerFlows = readFlows()
        return {
          version: readVersion(),
          ...readContent(),
          ...(answerFlows !== undefined && { answerFlows }),
        }
      })
    },
    saveRoutes: (added: readonly Route[], by: Editor): void =>
      change(by, () => {
        for (const route of added)
          saveRoute.run(route.country, route.channel, JSON.stringify(route.candidates))
      }),
    noteAnswers: (callers: readonly string[], at: number): void =>
      allOrNone(database, () => {
        const next = readVersion() === FIRST_VERSION ? undefined : flowsWith(readFlows(), callers, at)
        if (next !== undefined) saveFlows.run(JSON.stringify(next))
      }),
    saveFraudPolicy: (changed: NewFraudPolicy, by: Editor, replaces?: number): boolean =>
      allOrNone(database, () => {
        const { version } = readContent().fraud
        if (replaces !== undefined && replaces !== version) return false
        change(by, () => void saveFraud.run(JSON.stringify({ ...changed, version: version + 1 })))
        return true
      }),
    saveRoutingPolicy: (changed: NewRoutingPolicy, by: Editor, replaces?: number): boolean =>
      allOrNone(database, () => {
        const { version } = readContent().routing
        if (replaces !== undefined && replaces !== version) return false
        change(by, () => void saveRouting.run(JSON.stringify({ ...changed, version: version + 1 })))
        return true
      }),
    saveLimits: (changed: Limits, by: Editor): void =>
      change(by, () => void saveLimits.run(JSON.stringify(changed))),
  }
}

/** Of a store without a policy. */
const FIRST_VERSION = 1
