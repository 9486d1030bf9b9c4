/** An item of a list in order of priority. */
type Ranked = { readonly id: string; readonly priority: number }

/**
 * Inserts an item at the wanted priority. Priorities are 1, 2, 3 without gaps, so the others move. Default: last.
 */
export function place<Thing extends Ranked>(
  fellows: readonly Thing[],
  thing: Thing,
  wish: unknown,
): readonly Thing[] {
  const others = inOrder(fellows).filter(one => one.id !== thing.id)
  const isWish = typeof wish === 'number' && Number.isInteger(wish) && wish >= 1
  const index = isWish ? Math.min(wish - 1, others.length) : others.length
  return ranked(others.toSpliced(index, 0, thing))
}

/** The list without this item, with priorities renumbered. */
export function withoutOne<Thing extends Ranked>(fellows: readonly Thing[], id: string): readonly Thing[] {
  return ranked(inOrder(fellows).filter(one => one.id !== id))
}

export function inOrder<Thing extends Ranked>(things: readonly Thing[]): readonly Thing[] {
  return things.toSorted((left, right) => left.priority - right.priority)
}

function ranked<Thing extends Ranked>(things: readonly Thing[]): readonly Thing[] {
  return things.map((thing, index) => ({ ...thing, priority: index + 1 }))
}
