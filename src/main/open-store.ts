import type { Settings } from '../config/settings.ts'
import type { Store } from '../core/store.ts'
import { retention } from './retention.ts'
import { seedTemplates } from './shipped-templates.ts'
import { systemClock } from './system-clock.ts'

/** The store that the settings name, the table of a deployment or the folder on this machine; never without wordings. */
export async function openStore(settings: Settings): Promise<Store> {
  const store = await openNamed(settings)
  await seedTemplates(store, systemClock.now)
  return store
}

export async function openNamed(settings: Settings): Promise<Store> {
  if (settings.HOOKLINE_TABLE !== undefined)
    return (await import('./open-table.ts')).openTable(settings, FROM_AFAR_MS)
  const { openSqliteStore } = await import('../adapters/sqlite/store.ts')
  return openSqliteStore(settings.HOOKLINE_DATA_DIR, systemClock.now, retention(settings))
}

const FROM_AFAR_MS = 5_000
