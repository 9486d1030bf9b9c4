import { type EnrolmentPolicy, newborn, type OrgState } from './org-state.ts'
import type { Json } from './route.ts'

/** Policies of the type MFA_ENROLL, as Okta returns them. */
export function enrolmentPolicyOf(org: OrgState, policy: EnrolmentPolicy): Json {
  const { groups, enrol, ...rest } = policy
  const href = `${org.url}/api/v1/policies/${policy.id}`
  return {
    ...rest,
    type: 'MFA_ENROLL',
    conditions: { people: { groups: { include: groups } } },
    settings: {
      type: 'AUTHENTICATORS',
      authenticators: Object.entries(enrol).map(([key, self]) => ({ key, enroll: { self } })),
    },
    _links: { self: { href }, rules: { href: `${href}/rules` } },
  }
}

/** An activated authenticator is in every policy, optional unless the policy says otherwise. */
export function offerEnrolment(org: OrgState, key: string): void {
  for (const policy of [...org.enrolmentPolicies.values()]) {
    const enrol = { [key]: 'OPTIONAL' as const, ...policy.enrol }
    org.enrolmentPolicies.set(policy.id, { ...policy, enrol })
  }
}

/** Removes the phone from every policy. */
export function forbidPhone(org: OrgState): void {
  for (const policy of [...org.enrolmentPolicies.values()]) {
    const enrol = { ...policy.enrol, phone_number: 'NOT_ALLOWED' as const }
    org.enrolmentPolicies.set(policy.id, { ...policy, enrol })
  }
}

export function mayEnrolPhone(org: OrgState): boolean {
  return [...org.enrolmentPolicies.values()].some(
    ({ status, enrol }) => status === 'ACTIVE' && ['OPTIONAL', 'REQUIRED'].includes(enrol.phone_number ?? ''),
  )
}

/** For tests: adds a policy for its own group, which may not enrol a phone. */
export function addEnrolmentPolicy(org: OrgState, name: string): void {
  const policy = newborn(org, '00p')
  org.enrolmentPolicies.set(policy.id, {
    ...policy,
    name,
    status: 'ACTIVE',
    priority: 1,
    system: false,
    groups: ['00gothers'],
    enrol: { okta_password: 'REQUIRED', phone_number: 'NOT_ALLOWED' },
  })
}
