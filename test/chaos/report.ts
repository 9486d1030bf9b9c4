import type { Call } from './caller.ts'
import type { Row } from './matrix.ts'

/** The result of one row. */
export type RowReport = {
  readonly row: Row
  readonly calls: readonly Call[]
  readonly sent: number
  readonly problems: readonly string[]
}

const COLUMNS = [
  ['fault', 48],
  ['moment', 13],
  ['channel', 8],
  ['requests', -8],
  ['answers', 32],
  ['sent', -5],
  ['slowest ms', -10],
  ['verdict', 7],
] as const

const PROBLEMS_SHOWN_MAX = 5

export function headLine(rows: number): string {
  const progress = ' '.repeat(`${rows}/${rows}`.length)
  const head = line(COLUMNS.map(([name]) => name))
  return `${progress}  ${head}\n${progress}  ${'─'.repeat(head.length)}`
}

/** One line of the table, and below it the problems. */
export function rowLine({ row, calls, sent, problems }: RowReport, index: number, rows: number): string {
  const progress = `${index}/${rows}`.padStart(`${rows}/${rows}`.length)
  const cells = [
    row.area === 'none' ? row.name : `${row.area}: ${row.name}`,
    row.moment,
    row.channel,
    String(calls.length),
    answersOf(calls),
    String(sent),
    slowestOf(calls).toFixed(0),
    problems.length === 0 ? 'ok' : 'BROKEN',
  ]
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map(problem => `\n      ${problem}`)
  const more = problems.length > shown.length ? `\n      and ${problems.length - shown.length} more` : ''
  return `${progress}  ${line(cells)}${shown.join('')}${more}`
}

function line(cells: readonly string[]): string {
  return COLUMNS.map(([, width], index) => {
    const cell = cells[index] ?? ''
    return width < 0 ? cell.padStart(-width) : cell.padEnd(width)
  })
    .join('  ')
    .trimEnd()
}

function answersOf(calls: readonly Call[]): string {
  return [...Map.groupBy(calls, ({ kind }) => kind)]
    .map(([kind, same]) => `${same.length} ${kind}`)
    .sort()
    .join(', ')
}

export function slowestOf(calls: readonly Call[]): number {
  return Math.max(0, ...calls.map(({ ms }) => ms))
}
