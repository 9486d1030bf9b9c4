import type { Adapter, AdapterPayload } from 'oidc-provider'

/** How many entries are remembered at most; the oldest go first. */
const ENTRIES_MAX = 10_000

/**
 * What the authorization server has to remember: the IDs of client assertions that were used, so that none works
 * twice. The tokens themselves are JWTs and need no memory; every other kind of record is for grants that are off.
 */
export function usedAssertions(): (name: string) => Adapter {
  const entries = new Map<string, { readonly payload: AdapterPayload; readonly expiresAtMs: number }>()
  return name => ({
    async upsert(id, payload, expiresInSeconds = 0) {
      if (name !== 'ReplayDetection') return
      entries.set(id, { payload, expiresAtMs: Date.now() + expiresInSeconds * 1000 })
      for (const oldest of entries.keys()) {
        if (entries.size <= ENTRIES_MAX) break
        entries.delete(oldest)
      }
    },
    async find(id) {
      const entry = entries.get(id)
      return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined
    },
    findByUserCode: async () => undefined,
    findByUid: async () => undefined,
    consume: async () => undefined,
    destroy: async () => undefined,
    revokeByGrantId: async () => undefined,
  })
}
