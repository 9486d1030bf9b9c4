import type { CredentialOptions } from '../../okta/credential.ts'
import type { DoctorContext } from '../access.ts'
import { fixes } from '../check.ts'
import { checks } from '../checks.ts'
import type { Examination } from '../examine.ts'
import type { Facts } from '../facts.ts'
import { fixOfOrg } from './org.ts'
import type { PlannedFix } from './planned-fix.ts'
import { protectFix } from './protect.ts'
import { templatesFix } from './templates.ts'

export type AskedToFix = {
  readonly credential: CredentialOptions | undefined
  /** Number that Okta's check of the hook texts. */
  readonly to: string
  readonly secretFile: string | undefined
}

/** Of what the findings can be fixed by; each from the facts that the findings were judged by. */
export async function planFixes(
  context: DoctorContext,
  facts: Facts,
  { findings }: Pick<Examination, 'findings'>,
  { credential, to, secretFile }: AskedToFix,
): Promise<readonly PlannedFix[]> {
  const { settings, policy, protect, region, org, orgFix } = facts
  const wanted = fixes.filter(fix => findings.some(finding => finding.fix === fix))
  const plannedFixes: PlannedFix[] = []
  for (const fix of wanted) {
    if (fix === 'templates' && settings.kind === 'read' && policy.kind === 'read') {
      plannedFixes.push(await templatesFix(context.doctor, settings.value, policy.value))
    }
    if (fix === 'protect' && protect.kind === 'read' && policy.kind === 'read' && region.kind === 'read') {
      const { routes } = policy.value.policy
      plannedFixes.push(
        protectFix({ cloud: context.cloud, region: region.value.name, routes, ...protect.value }),
      )
    }
    if (fix === 'org' && org.kind === 'read' && orgFix.kind === 'read' && credential !== undefined) {
      const secret = settings.kind === 'read' ? settings.value.callers.secrets?.[0] : undefined
      const about = { org: org.value.org, orgFix: orgFix.value, secret }
      plannedFixes.push(fixOfOrg({ context, credential, to, secretFile, ...about }))
    }
  }
  return plannedFixes
}

/** Why nothing is done to the org, where something of it is wrong. */
export function whyOrgIsLeft(
  { org, orgFix }: Facts,
  { findings }: Pick<Examination, 'findings'>,
): string | undefined {
  if (org.kind !== 'read' || orgFix.kind === 'read') return undefined
  const ofOrg = checks.filter(({ needs }) => needs.includes('org') || needs.includes('tokens'))
  const isWrong = findings.some(({ check }) => ofOrg.some(({ name }) => name === check))
  return isWrong ? `The org is left as it is. ${orgFix.why}` : undefined
}
