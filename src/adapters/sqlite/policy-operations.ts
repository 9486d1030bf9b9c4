import type { DatabaseSync } from 'node:sqlite'
import type { TemplateText } from '../../core/message/template.ts'
import { type AnswerFlows, flowsWith } from '../../core/policy/answer-flow.ts'
import { defaultFraudPolicy, type FraudPolicy, type NewFraudPolicy } from '../../core/policy/fraud-policy.ts'
import { defaultLimits, type Limits } from '../../core/policy/limits.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { Route } from '../../core/policy/route.ts'
import { allOrNone } from './all-or-none.ts'
import { readTemplate, TEMPLATE_COLUMNS } from './template-operations.ts'

/**
 * Templates, routes, limits and the mode of the fraud rule. Each change increments the version of the policy. Templates are saved in
 * `template-operations.ts`.
 */
export function policyOperations(database: DatabaseSync) {
  const version = database.prepare('SELECT version FROM policy_version')
  const flows = database.prepare('SELECT answer_flows FROM policy_version')
  const saveFlows = database.prepare('UPDATE policy_version SET answer_flows = ?, version = version + 1')
  const bumpVersion = database.prepare('UPDATE policy_version SET version = version + 1')
  const templates = database.prepare(
    `SELECT ${TEMPLATE_COLUMNS} FROM templates ORDER BY channel, locale, purpose`,
  )
  const routes = database.prepare('SELECT country, channel, candidates FROM routes ORDER BY country, channel')
  const limits = database.prepare('SELECT limits FROM limits')
  const saveRoute = database.prepare(
    'INSERT OR REPLACE INTO routes (country, channel, candidates) VALUES (?, ?, ?)',
  )
  const fraud = database.prepare('SELECT policy FROM fraud_policy')
  const saveFraud = database.prepare('INSERT OR REPLACE INTO fraud_policy (id, policy) VALUES (1, ?)')
  const saveLimits = database.prepare('INSERT OR REPLACE INTO limits (id, limits) VALUES (1, ?)')

  const readVersion = (): number => (version.get() as { version: number }).version
  const readFlows = (): AnswerFlows | undefined => {
    const { answer_flows: text } = flows.get() as { answer_flows: string | null }
    return text === null ? undefined : (JSON.parse(text) as AnswerFlows)
  }
  const change = (work: () => void): void =>
    allOrNone(database, () => {
      work()
      bumpVersion.run()
    })
  return {
    readPolicy: (known?: number): StoredPolicy | undefined => {
      if (readVersion() === known) return undefined
      return allOrNone(database, () => {
        const answerFlows = readFlows()
        return {
          version: readVersion(),
          templates: templates.all().map(readTemplate<TemplateText>),
          routes: routes.all().map(readRoute),
          limits: readLimits(limits.get()),
          fraud: readFraud(fraud.get()),
          ...(answerFlows !== undefined && { answerFlows }),
        }
      })
    },
    saveRoutes: (added: readonly Route[]): void =>
      change(() => {
        for (const route of added)
          saveRoute.run(route.country, route.channel, JSON.stringify(route.candidates))
      }),
    noteAnswers: (callers: readonly string[], at: number): void =>
      allOrNone(database, () => {
        const next = readVersion() === FIRST_VERSION ? undefined : flowsWith(readFlows(), callers, at)
        if (next !== undefined) saveFlows.run(JSON.stringify(next))
      }),
    saveFraudPolicy: (changed: NewFraudPolicy, replaces?: number): boolean =>
      allOrNone(database, () => {
        const { version } = readFraud(fraud.get())
        if (replaces !== undefined && replaces !== version) return false
        saveFraud.run(JSON.stringify({ ...changed, version: version + 1 }))
        bumpVersion.run()
        return true
      }),
    saveLimits: (changed: Limits): void => change(() => void saveLimits.run(JSON.stringify(changed))),
  }
}

/** Of a store without a policy. */
const FIRST_VERSION = 1

// The tables are STRICT and only this file writes them, so the types are those of the values written.
type Row = Record<string, unknown>

function readRoute(row: Row): Route {
  return { ...row, candidates: JSON.parse(row.candidates as string) } as Route
}

function readLimits(row: Row | undefined): Limits {
  return row === undefined ? defaultLimits : (JSON.parse(row.limits as string) as Limits)
}

function readFraud(row: Row | undefined): FraudPolicy {
  return row === undefined ? defaultFraudPolicy : (JSON.parse(row.policy as string) as FraudPolicy)
}
