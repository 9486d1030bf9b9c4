import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { synthesized } from '../support/synthesized.ts'

test('docs/operating.md describes every alarm as the alarm itself does, and no other', async () => {
  const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8')
  const { Resources } = await synthesized()
  const described = Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id, { Properties }]) => `| \`${id}\` | ${Object(Properties).AlarmDescription} |`)
  const listed = page.split('\n').filter(line => line.startsWith('| `Alarm'))
  assert.deepEqual(listed, described, `the rows must be:\n\n${described.join('\n')}\n`)
})
