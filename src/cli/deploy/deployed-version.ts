import { releaseOutputNames } from '../../config/setting.ts'
import { otherForm, unreleasedForm } from '../../core/records/stored-form.ts'
import type { Stack } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'

/**
 * What this version replaces, in a few words. Throws a problem if the table has a form that this version cannot use, or
 * if the deployed version is newer and nobody asked to go back.
 */
export function checkDeployedVersion(
  { name, outputs }: Pick<Stack, 'name' | 'outputs'>,
  own: { readonly version: string; readonly tableForm: number },
  goBack = false,
): string {
  const deployed = outputs.get(releaseOutputNames.version)
  const form = Number(outputs.get(releaseOutputNames.tableForm))
  const table = `The table of ${name}`
  if (deployed === undefined || !(form > 0))
    throw new Problem('usage', unreleasedForm(table, 'deploy again with --stack <another name>'))
  if (form !== own.tableForm) throw new Problem('usage', otherForm(table, form, own.tableForm))
  const order = compareVersions(deployed, own.version)
  if (order === 0) return `${own.version}, which is deployed`
  if (order > 0 && !goBack)
    throw new Problem(
      'usage',
      `${name} runs Hookline ${deployed}, and this is ${own.version}, which is older. Nothing was changed. Install ${deployed} or later and deploy that, or go back to ${own.version} with --go-back.`,
    )
  return `${own.version} replaces ${deployed}`
}

/** Negative if the first is older; a candidate such as 1.2.3-rc.1 is older than 1.2.3. @internal */
export function compareVersions(one: string, other: string): number {
  const [core = '', candidate] = one.split(/-(.*)/)
  const [otherCore = '', otherCandidate] = other.split(/-(.*)/)
  const byCore = inNumbers(core, otherCore)
  if (byCore !== 0 || candidate === otherCandidate) return byCore
  if (candidate === undefined || otherCandidate === undefined) return candidate === undefined ? 1 : -1
  return inNumbers(candidate, otherCandidate)
}

function inNumbers(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
