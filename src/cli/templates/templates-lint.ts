import type { Command } from 'commander'
import type { Finding, LintRules, Severity } from '../../advice/lint/finding.ts'
import { lintTemplates } from '../../advice/lint/lint-template.ts'
import { sampleValues } from '../../advice/preview-messages.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readTextFile } from '../terminal/files.ts'
import { Problem } from '../terminal/problem.ts'
import { readTemplatesFile } from './templates-file.ts'

type Options = {
  readonly file?: string
  readonly json?: boolean
  readonly strict?: boolean
  readonly notes?: boolean
}

/** `hookline templates lint`: prints what is wrong in the templates, for people or for programs. Changes nothing. */
export function templatesLintCommand(templates: Command, context: Context): void {
  templates
    .command('lint')
    .description(
      'Check every template for cost, look-alike letters, links, SSML, length and missing languages. Changes nothing.',
    )
    .option('--file <file>', 'check the templates of this file instead of the stored ones')
    .option('--notes', 'also show notes')
    .option('--strict', 'also fail on warnings')
    .option('--json', 'print JSON, for programs')
    .action(async ({ file, json, strict, notes }: Options) => {
      const judged = file === undefined ? await readStored(context) : await readFile(file)
      const findings = lintTemplates(judged, lintRules(context.planRules(), file === undefined))
      context.print(
        json ? JSON.stringify(findings, undefined, 2) : describe(findings, judged.length, notes === true),
      )
      const failing: readonly Severity[] = strict ? ['error', 'warning'] : ['error']
      const bad = findings.filter(({ severity }) => failing.includes(severity))
      if (bad.length > 0) throw new Problem('usage', `${plural(bad.length, 'finding')} to fix.`)
    })
}

async function readStored(context: Context): Promise<readonly NewTemplate[]> {
  return (await withStore(context, store => store.readPolicy()))?.templates ?? []
}

async function readFile(file: string): Promise<readonly NewTemplate[]> {
  return readTemplatesFile(await readTextFile(file), file).templates
}

function lintRules(rules: PlanRules, isComplete: boolean): LintRules {
  const { ending, partsMax, defaultLocale } = rules
  return { typicalValues: sampleValues(rules), ending, partsMax, defaultLocale, isComplete }
}

function describe(findings: readonly Finding[], judged: number, withNotes: boolean): string {
  const shown = findings.filter(({ severity }) => withNotes || severity !== 'info')
  const groups = [...Map.groupBy(shown, ({ template }) => template)]
  return [
    ...groups.map(([template, own]) => describeGroup(template, own)),
    summary(findings, judged, withNotes),
  ].join('\n\n')
}

function describeGroup(template: string, findings: readonly Finding[]): string {
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
  return [template || 'all templates', ...sorted.map(describeFinding)].join('\n')
}

function describeFinding({ severity, rule, place, sentence, remedy }: Finding): string {
  const indent = ' '.repeat(MARGIN)
  const head = `  ${LABELS[severity].padEnd(8)} ${rule.padEnd(18)} `
  const lines = wrap(place === undefined ? sentence : `${place}: ${sentence}`)
  return [
    `${head}${lines.join(`\n${indent}`)}`,
    ...(remedy === '' ? [] : wrap(`→ ${remedy}`).map(line => indent + line)),
  ].join('\n')
}

function summary(findings: readonly Finding[], judged: number, withNotes: boolean): string {
  const count = (severity: Severity): number =>
    findings.filter(finding => finding.severity === severity).length
  const [errors, warnings, notes] = ORDER.map(count)
  const more = withNotes || notes === 0 ? '' : ' (--notes shows them)'
  return `${plural(judged, 'template')}: ${plural(errors ?? 0, 'error')}, ${plural(warnings ?? 0, 'warning')}, ${plural(notes ?? 0, 'note')}${more}.`
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** Breaks a text between words into lines of a terminal's width. */
function wrap(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= LINE_MAX) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info']
const LABELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }
const MARGIN = 30
const LINE_MAX = 80
