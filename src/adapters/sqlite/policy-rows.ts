import type { DatabaseSync } from 'node:sqlite'
import type { TemplateText } from '../../core/message/template.ts'
import { type PolicyContent, policyDifferences } from '../../core/policy/change-log.ts'
import { defaultFraudPolicy, type FraudPolicy } from '../../core/policy/fraud-policy.ts'
import { defaultLimits, type Limits } from '../../core/policy/limits.ts'
import type { Editor } from '../../core/policy/policy-store.ts'
import type { Route } from '../../core/policy/route.ts'
import { defaultRoutingPolicy, type RoutingPolicy } from '../../core/policy/routing-policy.ts'
import { allOrNone } from './all-or-none.ts'
import { logEntries } from './change-operations.ts'

/** Changes the policy, increments its version and logs what was changed, in one transaction. */
export function policyChanger(database: DatabaseSync) {
  const bumpVersion = database.prepare('UPDATE policy_version SET version = version + 1')
  const { readContent } = policyReader(database)
  const log = logEntries(database)
  return (by: Editor, work: () => void): void =>
    allOrNone(database, () => {
      const before = readContent()
      work()
      bumpVersion.run()
      for (const entry of policyDifferences(before, readContent())) log(entry, by)
    })
}

export function policyReader(database: DatabaseSync) {
  const version = database.prepare('SELECT version FROM policy_version')
  const templates = database.prepare(
    `SELECT ${TEMPLATE_COLUMNS} FROM templates ORDER BY channel, locale, purpose`,
  )
  const routes = database.prepare('SELECT country, channel, candidates FROM routes ORDER BY country, channel')
  const limits = database.prepare('SELECT limits FROM limits')
  const fraud = database.prepare('SELECT policy FROM fraud_policy')
  const routing = database.prepare('SELECT policy FROM routing_policy')
  return {
    readVersion: (): number => (version.get() as { version: number }).version,
    readContent: (): PolicyContent => ({
      templates: templates.all().map(readTemplate<TemplateText>),
      routes: routes.all().map(readRoute),
      limits: readLimits(limits.get()),
      fraud: readFraud(fraud.get()),
      routing: readRouting(routing.get()),
    }),
  }
}

// The tables are STRICT and only this folder writes them, so the types are those of the values written.
type Row = Record<string, unknown>

/** A row with `TEMPLATE_COLUMNS`. */
export function readTemplate<T extends TemplateText>({ short, ...row }: Record<string, unknown>): T {
  const template = { ...row, indiaTemplateId: row.indiaTemplateId ?? undefined }
  return (short === null ? template : { ...template, short }) as T
}

function readRoute(row: Row): Route {
  return { ...row, candidates: JSON.parse(row.candidates as string) } as Route
}

function readLimits(row: Row | undefined): Limits {
  return row === undefined ? defaultLimits : (JSON.parse(row.limits as string) as Limits)
}

function readFraud(row: Row | undefined): FraudPolicy {
  return row === undefined ? defaultFraudPolicy : (JSON.parse(row.policy as string) as FraudPolicy)
}

function readRouting(row: Row | undefined): RoutingPolicy {
  return row === undefined ? defaultRoutingPolicy : (JSON.parse(row.policy as string) as RoutingPolicy)
}

export const TEMPLATE_COLUMNS =
  'channel, locale, purpose, text, short, voice_id AS voiceId, india_template_id AS indiaTemplateId, version'
