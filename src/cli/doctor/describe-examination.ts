import { countChecks, type Examination, hasErrors, type Severity } from '../../advice/examination.ts'
import { wrap, wrappedTable } from '../terminal/table.ts'
import { fixTexts } from './texts.ts'

/** Findings as a table, causes first; then the number of results of each kind. With `isVerbose`, also lists the rest. */
export function describeExamination(examination: Examination, isVerbose: boolean): string {
  const { findings, passed, skipped } = examination
  const rows = findings.map(({ severity, check, cause, remedy, fix }) => [
    MARKS[severity],
    check,
    [wrap(`${cause} → ${remedy}`, WIDTH), ...(fix === undefined ? [] : [fixTexts.available])].join('\n'),
  ])
  const table = rows.length === 0 ? [] : [wrappedTable(['', 'check', 'what is wrong → what to do'], rows)]
  const good = passed.map(({ check, sentence, detail }) => [
    '✓',
    check,
    wrap([sentence, detail].filter(Boolean).join(' '), WIDTH),
  ])
  const left = skipped.map(({ check, why }) => ['·', check, wrap(`Skipped. ${why}`, WIDTH)])
  const lists = isVerbose ? [wrappedTable(['', 'check', 'result'], [...good, ...left])] : []
  return [...table, ...lists, summarize(examination, isVerbose)].join('\n\n')
}

function summarize(examination: Examination, isVerbose: boolean): string {
  const { findings, skipped } = examination
  const mark = hasErrors(examination) ? '✗' : findings.length > 0 ? '!' : '✓'
  const more = isVerbose || skipped.length === 0 ? '' : ' --verbose shows which and why.'
  return `${mark} ${countChecks(examination)}${more}`
}

const MARKS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!' }
const WIDTH = 84
