import { type Examination, fixes } from '../../advice/examination.ts'
import type { Settings } from '../../config/settings.ts'
import type { Route } from '../../core/policy/route.ts'
import type { CredentialOptions } from '../okta/credential.ts'
import { type Difference, describeDifferences, writeDifferences } from '../routes/protect.ts'
import type { CloudAccess } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorAccess, DoctorContext } from './access.ts'
import type { PlannedFix } from './check.ts'
import { checks } from './checks.ts'
import type { Facts, PolicyFact } from './facts.ts'
import { fixOfOrg } from './org-fix.ts'
import { fixTexts } from './texts.ts'

export type FixOrder = {
  readonly credential: CredentialOptions | undefined
  /** Number that Okta's check of the hook texts. */
  readonly to: string
  readonly secretFile: string | undefined
}

/** Plans what the findings can be fixed by, from the same facts. */
export async function planFixes(
  context: DoctorContext,
  facts: Facts,
  { findings }: Pick<Examination, 'findings'>,
  { credential, to, secretFile }: FixOrder,
): Promise<readonly PlannedFix[]> {
  const { settings, policy, protect, region, org, orgFix } = facts
  const target = fixes.filter(fix => findings.some(finding => finding.fix === fix))
  const plannedFixes: PlannedFix[] = []
  for (const fix of target) {
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

/** Why the org is not changed although a finding is about it. */
export function whyOrgIsLeft(
  { org, orgFix }: Facts,
  { findings }: Pick<Examination, 'findings'>,
): string | undefined {
  if (org.kind !== 'read' || orgFix.kind === 'read') return undefined
  const ofOrg = checks.filter(({ needs }) => needs.includes('org') || needs.includes('tokens'))
  const isWrong = findings.some(({ check }) => ofOrg.some(({ name }) => name === check))
  return isWrong ? fixTexts.orgNotChanged(orgFix.why) : undefined
}

/** Adds the shipped templates to a store that has none. */
async function templatesFix(
  doctor: DoctorAccess,
  settings: Settings,
  { where }: PolicyFact,
): Promise<PlannedFix> {
  const { count, putInto } = await doctor.shippedTemplates()
  const sentence = fixTexts.templatesAdded(count)
  return {
    fix: 'templates',
    title: where,
    description: `${sentence} ${fixTexts.noTemplatesNow}`,
    changes: [sentence],
    apply: async say => {
      const store = await doctor.openStore(settings)
      if (store === undefined) throw new Problem('settings', fixTexts.noStore(where))
      try {
        await putInto(store)
      } finally {
        await store.close()
      }
      say(`✓ added       ${count} templates`)
    },
  }
}

type Protecting = {
  readonly cloud: CloudAccess
  readonly region: string
  readonly id: string
  readonly routes: readonly Route[]
  readonly differences: readonly Difference[]
}

/** What `hookline protect --apply` writes. */
function protectFix({ cloud, region, id, routes, differences }: Protecting): PlannedFix {
  return {
    fix: 'protect',
    title: fixTexts.protectTitle(id, region),
    description: describeDifferences(differences, id),
    changes: differences.flatMap(({ channel, allow, block }) => [
      ...allow.map(country => fixTexts.allowed(channel, country)),
      ...block.map(country => fixTexts.blocked(channel, country)),
    ]),
    apply: async say => {
      const opened = await cloud.open(region)
      try {
        await writeDifferences(opened, id, { routes }, differences)
      } finally {
        opened.close()
      }
      say(`✓ written     ${id}`)
    },
  }
}
