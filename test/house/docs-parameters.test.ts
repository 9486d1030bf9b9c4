import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { ParameterGroup, ParameterPlan } from '../../infra/parameters/parameter-plan.ts'
import { accountGroups } from '../../infra/parameters/parameters-of-the-account.ts'
import { hookGroups } from '../../infra/parameters/parameters-of-the-hook.ts'

const groups: readonly ParameterGroup[] = [...hookGroups, ...accountGroups]
const parameters = groups.flatMap(group => Object.entries(group.parameters))
const page = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8')

describe('docs/deploying.md', () => {
  test('lists every parameter of the template, with the words that the template has', () => {
    const table = parameterTable()
    assert.equal(between(page, 'parameters'), table, `between the marks must stand:\n\n${table}\n`)
  })

  test('sets no parameter that the template does not have, and no value that it does not take', () => {
    const named = [...page.matchAll(/--set ([A-Za-z]+)=(\S*)/g)].map(([, name = '', value = '']) => ({
      name,
      value: value.replaceAll(/[`'",;:)….]+$/g, ''),
    }))
    assert.ok(named.length > 5)
    for (const { name, value } of named) {
      const plan = parameters.find(([known]) => known === name)?.[1]
      assert.ok(plan !== undefined, `there is no parameter ${name}`)
      if (value !== '') assert.ok(takes(plan, value), `${name}=${value}; allowed is ${plan.allowed}`)
    }
  })
})

function parameterTable(): string {
  return groups
    .flatMap(({ label, parameters }) => [
      `| **${label}** | | | |`,
      ...Object.entries(parameters).map(([name, { value, allowed, description }]) => {
        const usual = value === undefined ? 'none: must be given' : value === '' ? '' : `\`${value}\``
        return `| \`${name}\` | ${usual} | ${plain(allowed)} | ${plain(description)} |`
      }),
    ])
    .reduce(
      (lines, line) => `${lines}\n${line}`,
      '| parameter | default | allowed | meaning |\n| --- | --- | --- | --- |',
    )
}

/** Markdown would take it for a tag. */
function plain(text: string): string {
  return text.replaceAll('<', '&lt;')
}

function takes(plan: ParameterPlan, value: string): boolean {
  switch (plan.kind) {
    case 'text':
      return new RegExp(plan.pattern, 'u').test(value)
    case 'choice':
      return plan.values.map(String).includes(value)
    case 'number':
      return Number(value) >= plan.min && Number(value) <= plan.max
  }
}

function between(text: string, mark: string): string {
  const [, rest = ''] = text.split(`<!-- ${mark} -->\n`)
  const [block = '', ...after] = rest.split(`\n<!-- ${mark}: end -->`)
  assert.equal(after.length, 1, `docs/deploying.md has no marks for ${mark}`)
  return block
}
