import type { DatabaseSync } from 'node:sqlite'
import type { TemplateText } from '../../core/message/template.ts'
import {
  applyChanges,
  type Editor,
  type TemplateChange,
  type TemplateName,
  type TemplatesSaved,
  type TemplateVersion,
  VERSIONS_KEPT,
} from '../../core/policy/policy-store.ts'
import { allOrNone } from './all-or-none.ts'

/** Templates and their versions: what is in force is written together with its version, in one transaction. */
export function templateOperations(database: DatabaseSync) {
  const bumpVersion = database.prepare('UPDATE policy_version SET version = version + 1')
  const all = database.prepare(
    `SELECT channel, locale, purpose, text, voice_id AS voiceId, india_template_id AS indiaTemplateId, version
     FROM templates`,
  )
  const put = database.prepare(
    `INSERT OR REPLACE INTO templates (channel, locale, purpose, text, voice_id, india_template_id, version)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const addVersion = database.prepare(
    `INSERT INTO template_versions (channel, locale, purpose, text, voice_id, india_template_id, version, author, saved_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const forgetVersions = database.prepare(
    'DELETE FROM template_versions WHERE channel = ? AND locale = ? AND purpose = ? AND version <= ?',
  )
  const versionsOf = database.prepare(
    `SELECT channel, locale, purpose, text, voice_id AS voiceId, india_template_id AS indiaTemplateId, version,
       author, saved_at AS savedAt
     FROM template_versions WHERE channel = ? AND locale = ? AND purpose = ? ORDER BY version DESC`,
  )

  return {
    saveTemplates: (changes: readonly TemplateChange[], { author, at }: Editor): TemplatesSaved =>
      allOrNone(database, () => {
        const saved = applyChanges(all.all().map(readRow<TemplateText>), changes)
        if (saved.kind === 'conflict') return saved
        for (const { channel, locale, purpose, text, voiceId, indiaTemplateId, version } of saved.templates) {
          const row = [channel, locale, purpose, text, voiceId, indiaTemplateId ?? null, version] as const
          put.run(...row)
          addVersion.run(...row, author, at)
          forgetVersions.run(channel, locale, purpose, version - VERSIONS_KEPT)
        }
        bumpVersion.run()
        return saved
      }),
    readTemplateVersions: ({ channel, locale, purpose }: TemplateName): readonly TemplateVersion[] =>
      versionsOf.all(channel, locale, purpose).map(readRow<TemplateVersion>),
  }
}

// The tables are STRICT and written by this file only: the types are those of what was put in.
function readRow<T extends TemplateText>(row: Record<string, unknown>): T {
  return { ...row, indiaTemplateId: row.indiaTemplateId ?? undefined } as T
}
