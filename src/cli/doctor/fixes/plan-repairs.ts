import type { WayInOptions } from '../../okta/credential.ts'
import type { DoctorTools } from '../access.ts'
import { fixes } from '../check.ts'
import { checks } from '../checks.ts'
import type { Examination } from '../examine.ts'
import type { Facts } from '../facts.ts'
import { orgRepair } from './org.ts'
import { protectRepair } from './protect.ts'
import type { Repair } from './repair.ts'
import { wordingsRepair } from './templates.ts'

export type AskedToFix = {
  readonly wayIn: WayInOptions | undefined
  /** Number that Okta's check of the hook texts. */
  readonly to: string
  readonly secretFile: string | undefined
}

/** Of what the findings can be healed by; each from the facts that the findings were judged by. */
export async function planRepairs(
  tools: DoctorTools,
  facts: Facts,
  { findings }: Pick<Examination, 'findings'>,
  { wayIn, to, secretFile }: AskedToFix,
): Promise<readonly Repair[]> {
  const { settings, policy, protect, region, org, mending } = facts
  const wanted = fixes.filter(fix => findings.some(finding => finding.fix === fix))
  const repairs: Repair[] = []
  for (const fix of wanted) {
    if (fix === 'wordings' && settings.kind === 'read' && policy.kind === 'read') {
      repairs.push(await wordingsRepair(tools.doctor, settings.value, policy.value))
    }
    if (fix === 'protect' && protect.kind === 'read' && policy.kind === 'read' && region.kind === 'read') {
      const { routes } = policy.value.policy
      repairs.push(protectRepair({ cloud: tools.cloud, region: region.value.name, routes, ...protect.value }))
    }
    if (fix === 'org' && org.kind === 'read' && mending.kind === 'read' && wayIn !== undefined) {
      const secret = settings.kind === 'read' ? settings.value.HOOKLINE_SECRETS?.[0] : undefined
      const about = { org: org.value.org, mending: mending.value, secret }
      repairs.push(orgRepair({ tools, wayIn, to, secretFile, ...about }))
    }
  }
  return repairs
}

/** Why nothing is done to the org, where something of it is wrong. */
export function whyOrgIsLeft(
  { org, mending }: Facts,
  { findings }: Pick<Examination, 'findings'>,
): string | undefined {
  if (org.kind !== 'read' || mending.kind === 'read') return undefined
  const ofOrg = checks.filter(({ needs }) => needs.includes('org') || needs.includes('tokens'))
  const isWrong = findings.some(({ check }) => ofOrg.some(({ name }) => name === check))
  return isWrong ? `The org is left as it is. ${mending.why}` : undefined
}
