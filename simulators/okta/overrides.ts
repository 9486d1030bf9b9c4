import { isObject } from './call-order.ts'

type Json = Readonly<Record<string, unknown>>

/** `base` merged with `changes`: objects are merged, everything else (lists and null too) is replaced. */
export function deepMerge(base: Json, changes: Json): Record<string, unknown> {
  const merged = new Map(Object.entries(base))
  for (const [name, change] of Object.entries(changes)) {
    const old = merged.get(name)
    merged.set(name, isObject(old) && isObject(change) ? deepMerge(old, change) : change)
  }
  return Object.fromEntries(merged)
}

/** `base` without the fields at these paths (`data.messageProfile.locale`); an unknown path is ignored. */
export function without(base: Json, paths: readonly string[]): Record<string, unknown> {
  return paths.reduce<Record<string, unknown>>((rest, path) => withoutOne(rest, path.split('.')), { ...base })
}

function withoutOne(base: Json, [name = '', ...deeper]: readonly string[]): Record<string, unknown> {
  const { [name]: found, ...rest } = base
  if (deeper.length === 0) return rest
  return isObject(found) ? { ...base, [name]: withoutOne(found, deeper) } : { ...base }
}
