import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { type ParameterGroup, type ParameterPlan, parameterGroups } from '../../infra/parameters/groups.ts'

const groups: readonly ParameterGroup[] = parameterGroups
const parameters = groups.flatMap(group => Object.entries(group.parameters))
const page = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8')

describe('docs/deploying.md', () => {
  test('sets only parameters of the template, to values that they allow', () => {
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
