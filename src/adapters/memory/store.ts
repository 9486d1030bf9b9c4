import type { Delivery } from '../../core/delivery.ts'
import type { Route } from '../../core/route.ts'
import type { Store } from '../../core/store.ts'
import type { TemplateText } from '../../core/template.ts'

/** A store that forgets everything with its process: for tests. */
export function createMemoryStore(): Store {
  const templates = new Map<string, TemplateText>()
  const routes = new Map<string, Route>()
  const deliveries = new Map<string, Delivery & { readonly sequence: number }>()
  let version = 1
  return {
    readPolicy: async known =>
      known === version
        ? undefined
        : { version, templates: [...templates.values()], routes: [...routes.values()] },
    saveTemplates: async added => {
      for (const template of added) {
        const key = `${template.channel}/${template.locale}/${template.purpose}`
        templates.set(key, { ...template, version: (templates.get(key)?.version ?? 0) + 1 })
      }
      version += 1
    },
    saveRoutes: async added => {
      for (const route of added) routes.set(`${route.country}/${route.channel}`, route)
      version += 1
    },
    open: async delivery => void deliveries.set(delivery.id, { ...delivery, sequence: deliveries.size + 1 }),
    settle: async settlement => {
      const open = deliveries.get(settlement.id)
      if (open !== undefined) deliveries.set(settlement.id, { ...open, ...settlement })
    },
    listDeliveries: async ({ limit, after = 0 }) =>
      [...deliveries.values()].filter(({ sequence }) => sequence > after).slice(-limit),
    close: async () => undefined,
  }
}
