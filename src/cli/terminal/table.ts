import stringWidth from 'string-width'
import { printable } from '../../core/values/printable.ts'

/**
 * Rows as aligned columns below a head. Widths are those of a terminal. Every cell is printed on one line. Empty columns
 * are kept, so that the tables of a command look alike.
 */
export function table(head: readonly string[], input: readonly (readonly string[])[]): string {
  const rows = input.map(row => row.map(printable))
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map(row => row[column] ?? '')].map(cell => stringWidth(cell))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell))))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map(width => '─'.repeat(width))), ...rows.map(line)].join('\n')
}

/** A table whose cells may have several lines. */
export function wrappedTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.flatMap(row => {
    const cells = row.map(cell => cell.split('\n'))
    const height = Math.max(1, ...cells.map(cell => cell.length))
    return Array.from({ length: height }, (_, line) => cells.map(cell => cell[line] ?? ''))
  })
  return table(head, lines)
}

/**
 * Breaks a text between words, and inside a word that is too long, so that no line takes more than `width` columns of a
 * terminal.
 */
export function wrap(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (stringWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = piecesOf(word, width)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line].join('\n')
}

/** Between characters as people see them: an accent or an emoji is never cut. */
function piecesOf(word: string, width: number): readonly string[] {
  if (stringWidth(word) <= width) return [word]
  const pieces: string[] = []
  let [piece, columns] = ['', 0]
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const more = stringWidth(segment)
    if (piece !== '' && columns + more > width) {
      pieces.push(piece)
      ;[piece, columns] = ['', 0]
    }
    piece += segment
    columns += more
  }
  return [...pieces, piece]
}

/** Merges rows that differ only in one cell: into one row, at the place of the first, with those cells in a list. */
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
