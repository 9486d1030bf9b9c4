import { type TemplateVersion, VERSIONS_KEPT } from '../../core/policy/policy-store.ts'
import { keys } from './keys.ts'
import type { Table } from './table.ts'

/**
 * Keeps versions before they are replaced. A version never changes, so it may be written several times, by several
 * processes, even if it is not replaced in the end. The current version is read from the policy's content, so a version
 * that was never in force is never shown.
 */
export async function keepVersions(table: Table, replaced: readonly TemplateVersion[]): Promise<void> {
  for (let first = 0; first < replaced.length; first += AT_ONCE)
    await Promise.all(replaced.slice(first, first + AT_ONCE).map(version => keepVersion(table, version)))
}

/** The versions before the current one, newest first. */
export async function readVersionsBefore(
  table: Table,
  inForce: TemplateVersion,
): Promise<readonly TemplateVersion[]> {
  const versions: TemplateVersion[] = []
  const { pk } = keys.templateVersion(inForce, 0)
  for await (const page of table.query('#pk = :pk', { ':pk': { S: pk } }))
    for (const { template } of page)
      versions.push({ ...NO_INDIA, ...(JSON.parse(template?.S ?? '') as TemplateVersion) }) // written below
  return versions
    .filter(({ version }) => version < inForce.version)
    .toReversed()
    .slice(0, VERSIONS_KEPT - 1)
}

async function keepVersion(table: Table, template: TemplateVersion): Promise<void> {
  await table.update(keys.templateVersion(template, template.version), {
    update: 'SET #template = :template',
    values: { ':template': { S: JSON.stringify(template) } },
  })
  const oldest = template.version - VERSIONS_KEPT
  if (oldest > 0) await table.remove(keys.templateVersion(template, oldest))
}

const NO_INDIA = { indiaTemplateId: undefined }
const AT_ONCE = 20
