import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeProblem } from './run.ts'

const INSTALLED = { version: '0.1.0', engines: { node: '>=22.13.0' } }

test('on an older Node, the installed package reports the version that it needs', () => {
  for (const version of ['20.20.2', '22.9.0', '22.12.9'])
    assert.equal(
      nodeProblem(INSTALLED, version),
      `Hookline needs Node 22.13.0 or later. This is Node ${version}.`,
    )
})

test('the package runs on that Node and later ones, and the sources on any', () => {
  for (const version of ['22.13.0', '22.100.0', '24.1.0'])
    assert.equal(nodeProblem(INSTALLED, version), undefined)
  assert.equal(nodeProblem({ version: '0.1.0' }, '20.20.2'), undefined)
})
