import type { Store } from '../../core/records/store.ts'

/** How tables name an org: its name; without one the host of its issuer, or `secret header`. */
export function orgOf({ caller }: { readonly caller: string }): string {
  return URL.parse(caller)?.host ?? caller
}

/** The callers of the newest deliveries, and the one that is meant by the name of an org, if it is among them. */
export async function callerOfOrg(
  org: string,
  store: Pick<Store, 'listDeliveries'>,
): Promise<{ readonly caller: string | undefined; readonly orgs: readonly string[] }> {
  const deliveries = await store.listDeliveries({ limit: DELIVERIES_READ })
  const callers = [...new Set(deliveries.map(({ caller }) => caller))]
  return {
    caller: callers.find(caller => caller === org || orgOf({ caller }) === org),
    orgs: callers.map(caller => orgOf({ caller })),
  }
}

export const DELIVERIES_READ = 1_000
