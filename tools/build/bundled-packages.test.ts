import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takesNode } from './bundled-packages.ts'

test("a range of Node either includes the package's oldest Node or not", () => {
  for (const range of [
    '',
    '*',
    '>=22.13',
    '>=22.13.0',
    '>= 0.6.x',
    '>=v12.22.7',
    '>=22',
    '^16 || ^18 || >=20',
    '^22.1',
  ]) {
    assert.equal(takesNode(range, '22.13'), true, range)
  }
  for (const range of ['>=22.13.1', '>=22.19.0', '>=24', '^20', '^16 || ^18', '22.x', '<23', 'node']) {
    assert.equal(takesNode(range, '22.13'), false, range)
  }
})
