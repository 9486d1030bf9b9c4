import type { AccountIdentities } from '../../advice/account/account-identities.ts'
import { identityKind, type Route } from '../../core/policy/route.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import type { AccountContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'

/** Reads the account in each region, one after the other: AWS allows about one call a second. */
export async function readAccounts(
  context: AccountContext,
  regions: readonly (string | undefined)[],
  routes: readonly Route[],
): Promise<readonly AccountIdentities[]> {
  const accounts: AccountIdentities[] = []
  for (const region of new Set(regions)) {
    try {
      accounts.push(await context.readAccount({ region, hasNotify: namesNotify(routes) }))
    } catch (error) {
      throw explainAwsError(error)
    }
  }
  return accounts
}

/** `us-east-1,eu-west-1` as a list; empty when nothing was given. */
export function readRegions(given: string | undefined): readonly string[] {
  if (given === undefined) return []
  return given.split(',').map(one => {
    const region = one.trim()
    if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return region
    throw new Problem('usage', `--region has "${region}"; expected AWS regions such as us-east-1,eu-west-1.`)
  })
}

function namesNotify(routes: readonly Route[]): boolean {
  return routes.some(({ candidates }) =>
    candidates.some(({ identity }) => identityKind(identity) === 'notify configuration'),
  )
}
