import type { DatabaseSync } from 'node:sqlite'

/** Brings a database file to the newest schema, one step at a time; safe when two processes start at once. */
export function migrate(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const { user_version: from } = database.prepare('PRAGMA user_version').get() as { user_version: number }
    if (from > MIGRATIONS.length) {
      throw new Error(
        `The database has schema ${from}; this Hookline knows up to ${MIGRATIONS.length}. Update Hookline.`,
      )
    }
    for (const step of MIGRATIONS.slice(from)) database.exec(step)
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

/** Each step is for ever: change the schema by adding one. */
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
    country TEXT NOT NULL, channel TEXT NOT NULL, rungs TEXT NOT NULL,
    PRIMARY KEY (country, channel)
  ) STRICT;
  CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, opened_at INTEGER NOT NULL, asker TEXT NOT NULL,
    event_id TEXT, okta_request_id TEXT, number_digest TEXT NOT NULL, user_digest TEXT,
    country TEXT, last_digits TEXT, channel TEXT NOT NULL, purpose TEXT NOT NULL,
    wording TEXT, parts INTEGER,
    status TEXT NOT NULL, code TEXT, detail TEXT, identity TEXT, message_id TEXT, settled_at INTEGER
  ) STRICT;
  `,
]
