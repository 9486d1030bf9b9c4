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
import { policyChanger, readTemplate, TEMPLATE_COLUMNS } from './policy-rows.ts'

/** Templates and their versions. A template is written together with its version, in one transaction. */
export function templateOperations(database: DatabaseSync) {
  const change = policyChanger(database)
  const all = database.prepare(`SELECT ${TEMPLATE_COLUMNS} FROM templates`)
  const put = database.prepare(
    `INSERT OR REPLACE INTO templates (channel, locale, purpose, text, short, voice_id, india_template_id, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addVersion = database.prepare(
    `INSERT INTO template_versions (channel, locale, purpose, text, short, voice_id, india_template_id, version, author, saved_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const forgetVersions = database.prepare(
    'DELETE FROM template_versions WHERE channel = ? AND locale = ? AND purpose = ? AND version <= ?',
  )
  const versionsOf = database.prepare(
    `SELECT ${TEMPLATE_COLUMNS}, author, saved_at AS savedAt FROM template_versions
      WHERE channel = ? AND locale = ? AND purpose = ? ORDER BY version DESC`,
  )

  const save = (template: TemplateText, { author, at }: Editor): void => {
    const { channel, locale, purpose, text, short, voiceId, indiaTemplateId, version } = template
    const registration = indiaTemplateId ?? null
    const row = [channel, locale, purpose, text, short ?? null, voiceId, registration, version] as const
    put.run(...row)
    addVersion.run(...row, author, at)
    forgetVersions.run(channel, locale, purpose, version - VERSIONS_KEPT)
  }

  return {
    saveTemplates: (changes: readonly TemplateChange[], by: Editor): TemplatesSaved =>
      allOrNone(database, () => {
        const saved = applyChanges(all.all().map(readTemplate<TemplateText>), changes)
        if (saved.kind === 'conflict') return saved
        change(by, () => {
          for (const template of saved.templates) save(template, by)
        })
        return saved
      }),
    readTemplateVersions: ({ channel, locale, purpose }: TemplateName): readonly TemplateVersion[] =>
      versionsOf.all(channel, locale, purpose).map(readTemplate<TemplateVersion>),
  }
}
