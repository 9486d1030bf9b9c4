/** An item of a list in order of priority. */
type Ranked = { readonly id: string; readonly priority: number }

/**
 * Inserts an item at the wanted priority. Priorities are 1, 2, 3 without gaps, so the others move. Default: last.
 */
export function place<Resource extends Ranked>(
  fellows: readonly Resource[],
  resource: Resource,
  wish: unknown,
): readonly Resource[] {
  const others = inOrder(fellows).filter(one => one.id !== resource.id)
  const isWish = typeof wish === 'number' && Number.isInteger(wish) && wish >= 1
  const index = isWish ? Math.min(wish - 1, others.length) : others.length
  return ranked(others.toSpliced(index, 0, resource))
}

/** The list without this item, with priorities renumbered. */
export function withoutOne<Resource extends Ranked>(
  fellows: readonly Resource[],
  id: string,
): readonly Resource[] {
  return ranked(inOrder(fellows).filter(one => one.id !== id))
}

export function inOrder<Resource extends Ranked>(resources: readonly Resource[]): readonly Resource[] {
  return resources.toSorted((left, right) => left.priority - right.priority)
}

function ranked<Resource extends Ranked>(resources: readonly Resource[]): readonly Resource[] {
  return resources.map((resource, index) => ({ ...resource, priority: index + 1 }))
}
