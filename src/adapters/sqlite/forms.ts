import type { DatabaseSync } from 'node:sqlite'
import { otherForm, RefusedForm, unreleasedForm } from '../../core/records/stored-form.ts'
import { allOrNone } from './all-or-none.ts'

/**
 * Throws `RefusedForm` if the file is not empty and has no form that this release can bring to its own. Only reads.
 * `path`: the file, for the message.
 */
export function refuseOtherForm(database: DatabaseSync, path: string, steps = STEPS): void {
  readForm(database, path, steps)
}

/**
 * Throws `RefusedForm` if another program changed the form of this file since it was opened: what an old program wrote then
 * would be lost to the new one.
 */
export function formWatch(database: DatabaseSync, path: string): () => void {
  const read = database.prepare('PRAGMA user_version')
  return () => {
    const { user_version: form } = read.get() as { readonly user_version: number }
    if (form !== STEPS.length) throw new RefusedForm(otherForm(path, form, STEPS.length))
  }
}

/**
 * Brings a new file, or one of an earlier release, to the form of this release: completely or not at all, also if two
 * processes start at once. To go back, restore a backup (docs/operating.md). Throws `RefusedForm`.
 */
export function bringToForm(database: DatabaseSync, path: string, steps = STEPS): void {
  if (readForm(database, path, steps) === steps.length) return
  allOrNone(database, () => {
    for (const step of steps.slice(readForm(database, path, steps))) database.exec(step)
    database.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${steps.length}`)
  })
}

/** How many steps the file has had: its form. Zero in an empty file. */
function readForm(database: DatabaseSync, path: string, steps: readonly string[]): number {
  // One statement, so that another process cannot change the file in between.
  const read = database.prepare(`SELECT
    (SELECT application_id FROM pragma_application_id) AS application,
    (SELECT user_version FROM pragma_user_version) AS form,
    (SELECT count(*) FROM sqlite_schema) AS entries,
    (SELECT count(*) FROM sqlite_schema WHERE name = 'policy_version') AS policies`)
  const { application, form, entries, policies } = read.get() as Readonly<Record<string, number>>
  if (application === APPLICATION && form !== undefined && form > 0) {
    if (form <= steps.length) return form
    throw new RefusedForm(otherForm(path, form, steps.length))
  }
  if (application === 0 && form === 0 && entries === 0) return 0
  if (application === 0 && policies === 1) throw new RefusedForm(unreleasedForm(path, MOVE_AWAY))
  throw new RefusedForm(
    `${path} is a database of another program. Nothing was changed. Set HOOKLINE_DATA_DIR to another folder.`,
  )
}

/** "Hkln": marks the file as Hookline's. */
const APPLICATION = 0x486b6c6e
const MOVE_AWAY = 'move the data folder away, start again'

/**
 * Each step brings a file of the form before it to the next one; their number is the form. A released step never changes:
 * a change of the schema, or of the JSON in it, is a new step. `test/contracts/released.test.ts` compares them with what
 * each release wrote. Form 1 is that of 0.1.0; until its tag is set, change it here and run `npm run record-forms`.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE policy_version (version INTEGER NOT NULL, answer_flows TEXT) STRICT; -- answer_flows: JSON
  INSERT INTO policy_version (version) VALUES (1);
  CREATE TABLE templates (
    channel TEXT NOT NULL, locale TEXT NOT NULL, purpose TEXT NOT NULL,
    text TEXT NOT NULL, short TEXT, voice_id TEXT NOT NULL, india_template_id TEXT, version INTEGER NOT NULL,
    PRIMARY KEY (channel, locale, purpose)
  ) STRICT;
  -- Every template as it was saved, the one in force too.
  CREATE TABLE template_versions (
    channel TEXT NOT NULL, locale TEXT NOT NULL, purpose TEXT NOT NULL, version INTEGER NOT NULL,
    text TEXT NOT NULL, short TEXT, voice_id TEXT NOT NULL, india_template_id TEXT,
    author TEXT NOT NULL, saved_at INTEGER NOT NULL,
    PRIMARY KEY (channel, locale, purpose, version)
  ) STRICT;
  CREATE TABLE routes (
    country TEXT NOT NULL, channel TEXT NOT NULL, candidates TEXT NOT NULL, -- candidates: JSON
    PRIMARY KEY (country, channel)
  ) STRICT;
  -- One row at most in each; JSON.
  CREATE TABLE limits (id INTEGER PRIMARY KEY CHECK (id = 1), limits TEXT NOT NULL) STRICT;
  CREATE TABLE fraud_policy (id INTEGER PRIMARY KEY CHECK (id = 1), policy TEXT NOT NULL) STRICT;
  CREATE TABLE routing_policy (id INTEGER PRIMARY KEY CHECK (id = 1), policy TEXT NOT NULL) STRICT;
  CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, opened_at INTEGER NOT NULL, caller TEXT NOT NULL,
    event_id TEXT, okta_request_id TEXT, duplicate_key TEXT,
    number_digest TEXT NOT NULL, user_digest TEXT, login_digest TEXT,
    country TEXT, last_digits TEXT, channel TEXT NOT NULL, purpose TEXT NOT NULL,
    template_used TEXT, parts INTEGER, expires_at INTEGER, credit TEXT, -- template_used, credit: JSON
    state TEXT NOT NULL, message_id TEXT, end TEXT NOT NULL, progress TEXT, -- end, progress: JSON
    answered_at INTEGER
  ) STRICT;
  CREATE INDEX deliveries_by_duplicate_key ON deliveries (duplicate_key) WHERE duplicate_key IS NOT NULL;
  CREATE INDEX deliveries_by_number ON deliveries (number_digest, opened_at);
  CREATE INDEX deliveries_by_user ON deliveries (user_digest, opened_at) WHERE user_digest IS NOT NULL;
  CREATE INDEX deliveries_by_login ON deliveries (login_digest) WHERE login_digest IS NOT NULL;
  CREATE INDEX deliveries_by_event ON deliveries (event_id) WHERE event_id IS NOT NULL;
  CREATE INDEX deliveries_by_request ON deliveries (okta_request_id) WHERE okta_request_id IS NOT NULL;
  CREATE INDEX deliveries_by_message ON deliveries (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX deliveries_by_time ON deliveries (opened_at);
  -- The whole receipt is the key: the same one twice is one, two different ones are two.
  CREATE TABLE receipts (
    receipt TEXT PRIMARY KEY, message_id TEXT NOT NULL, delivery_id TEXT, received_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX receipts_by_message ON receipts (message_id);
  CREATE INDEX receipts_by_delivery ON receipts (delivery_id) WHERE delivery_id IS NOT NULL;
  CREATE INDEX receipts_by_time ON receipts (received_at);
  -- What the fraud rule knows, by caller and key; JSON.
  CREATE TABLE fraud_records (
    caller TEXT NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX fraud_records_by_expiry ON fraud_records (expires_at);
  CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, what TEXT NOT NULL, author TEXT NOT NULL, because TEXT, differences TEXT NOT NULL -- JSON
  ) STRICT;
  CREATE INDEX changes_by_what ON changes (what, sequence);
  CREATE INDEX changes_by_time ON changes (at);
  -- One row, written to see whether anything can be.
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
  `,
]
