import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Delivery, Settlement } from '../../core/delivery.ts'
import type { StoredPolicy } from '../../core/policy.ts'
import type { Route } from '../../core/route.ts'
import type { DeliveryPage, ListedDelivery, NewTemplate } from '../../core/store.ts'
import type { TemplateText } from '../../core/template.ts'
import { migrate } from './migrations.ts'

/** The store's verbs, synchronous: they run in the worker thread. */
export type Operations = ReturnType<typeof openDatabase>

/** Opens `<dataFolder>/hookline.db`, makes both if need be, and brings the schema up to date. */
export function openDatabase(dataFolder: string) {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(dataFolder, 'hookline.db'), { timeout: LOCK_WAIT_MS })
  // WAL: readers and the writer do not wait for each other. NORMAL: a killed process loses nothing.
  turnOnWal(database)
  database.exec('PRAGMA synchronous = NORMAL')
  migrate(database)

  const version = database.prepare('SELECT version FROM policy_version')
  const bumpVersion = database.prepare('UPDATE policy_version SET version = version + 1')
  const templates = database.prepare(
    `SELECT channel, locale, purpose, text, voice_id AS voiceId, india_template_id AS indiaTemplateId, version
     FROM templates ORDER BY channel, locale, purpose`,
  )
  const routes = database.prepare('SELECT country, channel, rungs FROM routes ORDER BY country, channel')
  const saveTemplate = database.prepare(
    `INSERT INTO templates (channel, locale, purpose, text, voice_id, india_template_id, version)
     VALUES (?, ?, ?, ?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET text = excluded.text, voice_id = excluded.voice_id,
       india_template_id = excluded.india_template_id, version = version + 1`,
  )
  const saveRoute = database.prepare(
    'INSERT OR REPLACE INTO routes (country, channel, rungs) VALUES (?, ?, ?)',
  )
  const insertDelivery = database.prepare(
    `INSERT INTO deliveries (id, opened_at, asker, event_id, okta_request_id, number_digest, user_digest, country,
       last_digits, channel, purpose, wording, parts, status, code, detail, identity, message_id, settled_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const settleDelivery = database.prepare(
    'UPDATE deliveries SET status = ?, code = ?, detail = ?, identity = ?, message_id = ?, settled_at = ? WHERE id = ?',
  )
  const listDeliveries = database.prepare(
    `SELECT * FROM (SELECT * FROM deliveries WHERE sequence > ? ORDER BY sequence DESC LIMIT ?) ORDER BY sequence`,
  )

  const allOrNone = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    readPolicy: (known?: number): StoredPolicy | undefined => {
      const current = (version.get() as { version: number }).version
      if (current === known) return undefined
      return allOrNone(() => ({
        version: (version.get() as { version: number }).version,
        templates: templates.all().map(readTemplate),
        routes: routes.all().map(readRoute),
      }))
    },
    saveTemplates: (added: readonly NewTemplate[]): void =>
      allOrNone(() => {
        for (const t of added) {
          saveTemplate.run(t.channel, t.locale, t.purpose, t.text, t.voiceId, t.indiaTemplateId ?? null)
        }
        bumpVersion.run()
      }),
    saveRoutes: (added: readonly Route[]): void =>
      allOrNone(() => {
        for (const route of added) saveRoute.run(route.country, route.channel, JSON.stringify(route.rungs))
        bumpVersion.run()
      }),
    open: (d: Delivery): void =>
      void insertDelivery.run(
        d.id,
        d.openedAt,
        d.asker,
        d.eventId ?? null,
        d.oktaRequestId ?? null,
        d.numberDigest,
        d.userDigest ?? null,
        d.country ?? null,
        d.lastDigits ?? null,
        d.channel,
        d.purpose,
        d.wording === undefined ? null : JSON.stringify(d.wording),
        d.parts ?? null,
        d.status,
        d.code ?? null,
        d.detail ?? null,
        d.identity ?? null,
        d.messageId ?? null,
        d.settledAt ?? null,
      ),
    settle: (s: Settlement): void =>
      void settleDelivery.run(
        s.status,
        s.code ?? null,
        s.detail ?? null,
        s.identity ?? null,
        s.messageId ?? null,
        s.settledAt,
        s.id,
      ),
    listDeliveries: ({ limit, after = 0 }: DeliveryPage): readonly ListedDelivery[] =>
      listDeliveries.all(after, limit).map(readDelivery),
    close: (): void => database.close(),
  }
}

/** Two processes that turn WAL on at the same moment fail with SQLITE_BUSY despite the timeout: try again. */
function turnOnWal(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (attempt === 20) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25)
    }
  }
}

type Row = Record<string, unknown>

// The columns are STRICT and written by this file only: their types are what was put in.
function readTemplate(row: Row): TemplateText {
  return { ...row, indiaTemplateId: row.indiaTemplateId ?? undefined } as TemplateText
}

function readRoute(row: Row): Route {
  return { ...row, rungs: JSON.parse(row.rungs as string) } as Route
}

function readDelivery(row: Row): ListedDelivery {
  const named = Object.entries(row).map(([column, value]) => [
    column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value ?? undefined,
  ])
  const delivery = Object.fromEntries(named) as ListedDelivery & { wording?: string }
  return { ...delivery, wording: delivery.wording === undefined ? undefined : JSON.parse(delivery.wording) }
}

const LOCK_WAIT_MS = 5_000
