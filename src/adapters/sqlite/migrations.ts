import type { DatabaseSync } from 'node:sqlite'
import { allOrNone } from './all-or-none.ts'

/** Migrates a database file to the newest schema, one step at a time. Safe if two processes start at once. */
export function migrate(database: DatabaseSync): void {
  allOrNone(database, () => {
    const { user_version: from } = database.prepare('PRAGMA user_version').get() as { user_version: number }
    if (from > MIGRATIONS.length) {
      throw new Error(
        `The database has schema ${from}; this Hookline knows up to ${MIGRATIONS.length}. Update Hookline.`,
      )
    }
    for (const step of MIGRATIONS.slice(from)) database.exec(step)
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
  })
}

/** A step never changes: to change the schema, add one. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE policy_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO policy_version VALUES (1);
  CREATE TABLE templates (
    channel TEXT NOT NULL, locale TEXT NOT NULL, purpose TEXT NOT NULL,
    text TEXT NOT NULL, voice_id TEXT NOT NULL, india_template_id TEXT, version INTEGER NOT NULL,
    PRIMARY KEY (channel, locale, purpose)
  ) STRICT;
  CREATE TABLE routes (
    country TEXT NOT NULL, channel TEXT NOT NULL, candidates TEXT NOT NULL,
    PRIMARY KEY (country, channel)
  ) STRICT;
  CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, opened_at INTEGER NOT NULL, caller TEXT NOT NULL,
    event_id TEXT, okta_request_id TEXT, number_digest TEXT NOT NULL, user_digest TEXT,
    country TEXT, last_digits TEXT, channel TEXT NOT NULL, purpose TEXT NOT NULL,
    template_used TEXT, parts INTEGER,
    status TEXT NOT NULL, code TEXT, detail TEXT, identity TEXT, message_id TEXT, settled_at INTEGER
  ) STRICT;
  `,
  `
  DROP TABLE deliveries; -- of a version that was never released
  CREATE TABLE limits (id INTEGER PRIMARY KEY CHECK (id = 1), limits TEXT NOT NULL) STRICT;
  CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, opened_at INTEGER NOT NULL, caller TEXT NOT NULL,
    event_id TEXT, okta_request_id TEXT, duplicate_key TEXT, number_digest TEXT NOT NULL, user_digest TEXT,
    country TEXT, last_digits TEXT, channel TEXT NOT NULL, purpose TEXT NOT NULL, template_used TEXT, parts INTEGER,
    state TEXT NOT NULL, message_id TEXT, end TEXT NOT NULL, progress TEXT
  ) STRICT;
  CREATE INDEX deliveries_by_duplicate_key ON deliveries (duplicate_key) WHERE duplicate_key IS NOT NULL;
  CREATE INDEX deliveries_by_number ON deliveries (number_digest, opened_at);
  CREATE INDEX deliveries_by_user ON deliveries (user_digest, opened_at) WHERE user_digest IS NOT NULL;
  CREATE INDEX deliveries_by_event ON deliveries (event_id) WHERE event_id IS NOT NULL;
  CREATE INDEX deliveries_by_message ON deliveries (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX deliveries_by_time ON deliveries (opened_at);
  -- The whole receipt is the key: the same one twice is one, two different ones are two.
  CREATE TABLE receipts (
    receipt TEXT PRIMARY KEY, message_id TEXT NOT NULL, delivery_id TEXT, received_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX receipts_by_message ON receipts (message_id);
  CREATE INDEX receipts_by_delivery ON receipts (delivery_id) WHERE delivery_id IS NOT NULL;
  CREATE INDEX receipts_by_time ON receipts (received_at);
  `,
  `
  -- Every template as it was saved, the one in force too.
  CREATE TABLE template_versions (
    channel TEXT NOT NULL, locale TEXT NOT NULL, purpose TEXT NOT NULL, version INTEGER NOT NULL,
    text TEXT NOT NULL, voice_id TEXT NOT NULL, india_template_id TEXT,
    author TEXT NOT NULL, saved_at INTEGER NOT NULL,
    PRIMARY KEY (channel, locale, purpose, version)
  ) STRICT;
  INSERT INTO template_versions (channel, locale, purpose, version, text, voice_id, india_template_id, author, saved_at)
  SELECT channel, locale, purpose, version, text, voice_id, india_template_id, 'unknown', 0 FROM templates;
  `,
  `
  ALTER TABLE deliveries ADD COLUMN login_digest TEXT;
  CREATE INDEX deliveries_by_login ON deliveries (login_digest) WHERE login_digest IS NOT NULL;
  `,
  `
  -- One row, written to see whether anything can be.
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
  `,
  `
  ALTER TABLE templates ADD COLUMN short TEXT;
  ALTER TABLE template_versions ADD COLUMN short TEXT;
  `,
  `
  ALTER TABLE deliveries ADD COLUMN expires_at INTEGER;
  ALTER TABLE deliveries ADD COLUMN answered_at INTEGER;
  `,
  `
  ALTER TABLE policy_version ADD COLUMN answer_flows TEXT; -- JSON
  `,
  `
  CREATE TABLE fraud_policy (id INTEGER PRIMARY KEY CHECK (id = 1), policy TEXT NOT NULL) STRICT; -- JSON
  `,
  `
  ALTER TABLE deliveries ADD COLUMN credit TEXT; -- JSON
  -- What the fraud rule knows, by caller and key; JSON.
  CREATE TABLE fraud_records (
    caller TEXT NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX fraud_records_by_expiry ON fraud_records (expires_at);
  `,
  `
  CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, what TEXT NOT NULL, author TEXT NOT NULL, because TEXT, differences TEXT NOT NULL -- JSON
  ) STRICT;
  CREATE INDEX changes_by_what ON changes (what, sequence);
  CREATE INDEX changes_by_time ON changes (at);
  `,
  `
  CREATE TABLE routing_policy (id INTEGER PRIMARY KEY CHECK (id = 1), policy TEXT NOT NULL) STRICT; -- JSON
  `,
  `
  CREATE INDEX IF NOT EXISTS deliveries_by_request ON deliveries (okta_request_id) WHERE okta_request_id IS NOT NULL;
  `,
]
