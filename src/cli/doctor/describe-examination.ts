import { wrap, wrappedTable } from '../wrapped-table.ts'
import type { Severity } from './check.ts'
import type { Examination } from './examine.ts'

/** Findings as a table, cause first; then how many checks are well, and which could not be made. */
export function describeExamination({ findings, healthy, skipped }: Examination, isVerbose: boolean): string {
  const rows = findings.map(({ severity, check, cause, remedy }) => [
    MARKS[severity],
    check,
    wrap(`${cause} → ${remedy}`, WIDTH),
  ])
  const table = rows.length === 0 ? [] : [wrappedTable(['', 'check', 'what is wrong → what to do'], rows)]
  const well = healthy.map(({ check, sentence, detail }) => [
    '✓',
    check,
    wrap([sentence, detail].filter(Boolean).join(' '), WIDTH),
  ])
  const left = skipped.map(({ check, why }) => ['·', check, wrap(`Not checked. ${why}`, WIDTH)])
  const lists = isVerbose ? [wrappedTable(['', 'check', 'what is so'], [...well, ...left])] : []
  return [...table, ...lists, summarize({ findings, healthy, skipped }, isVerbose)].join('\n\n')
}

function summarize({ findings, healthy, skipped }: Examination, isVerbose: boolean): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  const parts = [
    ...(findings.length === 0 ? [] : [count(errors, 'error'), count(warnings, 'warning')]),
    `${count(healthy.length, 'check')} well`,
    ...(skipped.length === 0 ? [] : [`${skipped.length} not made`]),
  ]
  const mark = errors > 0 ? '✗' : warnings > 0 ? '!' : '✓'
  const more = isVerbose || skipped.length === 0 ? '' : ' --verbose says which, and why.'
  return `${mark} ${parts.join(', ')}.${more}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

const MARKS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!' }
const WIDTH = 84
