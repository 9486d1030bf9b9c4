import { table } from './table.ts'

/** A table whose cells may have several lines. */
export function wrappedTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.flatMap(row => {
    const cells = row.map(cell => cell.split('\n'))
    const height = Math.max(1, ...cells.map(cell => cell.length))
    return Array.from({ length: height }, (_, line) => cells.map(cell => cell[line] ?? ''))
  })
  return table(head, lines)
}

/** Breaks a text between words, and inside a word that is too long, so that no line is longer than `width`. */
export function wrap(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = line.slice(width)
    }
  }
  return [...lines, line].join('\n')
}

/** What of some rows is alike but for one cell, as one row with those cells in a list, in the order of the first. */
export function mergeRows<Row extends object, Name extends keyof Row>(
  rows: readonly Row[],
  name: Name,
): readonly (Omit<Row, Name> & Readonly<Record<Name, readonly Row[Name][]>>)[] {
  const merged = new Map<string, { readonly rest: Omit<Row, Name>; readonly cells: Row[Name][] }>()
  for (const { [name]: cell, ...rest } of rows) {
    const key = JSON.stringify(rest)
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { rest, cells: [cell] })
    else known.cells.push(cell)
  }
  type Merged = Omit<Row, Name> & Readonly<Record<Name, readonly Row[Name][]>>
  return [...merged.values()].map(({ rest, cells }) => ({ ...rest, [name]: cells }) as unknown as Merged)
}
