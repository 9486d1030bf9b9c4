import stringWidth from 'string-width'
import { printable } from '../../core/values/printable.ts'

/**
 * Rows as aligned columns, a head above, by the columns that a terminal gives to each character. A cell is one line, whatever is
 * in it. Empty columns stay, so that tables of one command look alike.
 */
export function table(head: readonly string[], given: readonly (readonly string[])[]): string {
  const rows = given.map(row => row.map(printable))
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
