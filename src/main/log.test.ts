import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { Secret } from '../core/values/secret.ts'
import { createLog } from './log.ts'

/** What is written, read only when the reader is let on. */
function reader({ isHung }: { readonly isHung: boolean }) {
  const lines: string[] = []
  let letOn: (() => void)[] = []
  let hung = isHung
  const output = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      lines.push(...text.split('\n').filter(Boolean))
      if (hung) letOn.push(done)
      else done()
    },
  })
  return {
    output,
    lines: () => lines.map(line => JSON.parse(line) as Record<string, unknown>),
    text: () => lines.join('\n'),
    wakes: async () => {
      hung = false
      const waiting = letOn
      letOn = []
      for (const done of waiting) done()
      await new Promise(setImmediate)
    },
  }
}

describe('the log', () => {
  it('is one line of JSON for each event, with the same values, whatever their content', () => {
    const { output, lines, text } = reader({ isHung: false })
    const detail = 'a\nb\u001b[31m\u009b31m\u202e\u200b\u007f"\\'
    createLog(output)({ step: 'send', detail })
    assert.equal(lines()[0]?.detail, detail)
    assert.match(text(), /^[\x20-\x7e]+$/)
  })

  it('cuts what is too long', () => {
    const { output, lines } = reader({ isHung: false })
    const long = 'x'.repeat(1_000_000)
    createLog(output)({ step: 'send', detail: long, list: [long] })
    assert.deepEqual([String(lines()[0]?.detail).length, String(lines()[0]?.list).length], [8_193, 8_193])
  })

  it('has a field of each kind as in JSON, dots for a secret, and no undefined fields', () => {
    const { output, text } = reader({ isHung: false })
    const fields = { step: 'send', attempt: 1, isOver: false, left: null, code: new Secret('123456') }
    createLog(output)({ ...fields, detail: undefined, 'a "name"': [1, { b: undefined }] })
    const [time, rest] = [text().slice(0, 34), text().slice(34)]
    assert.match(time, /^\{"time":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"$/)
    assert.equal(rest, `,${JSON.stringify({ ...fields, 'a "name"': [1, {}] }).slice(1)}`)
  })

  it('writes the lines of one turn together', async () => {
    const writes: number[] = []
    const output = new Writable({
      decodeStrings: false,
      write: (text: string, _, done) => {
        writes.push(text.split('\n').length - 1)
        done()
      },
    })
    const log = createLog(output, setImmediate)
    for (const line of [1, 2, 3]) log({ step: 'send', line })
    assert.deepEqual(writes, [])
    await new Promise(setImmediate)
    log({ step: 'send', line: 4 })
    await new Promise(setImmediate)
    assert.deepEqual(writes, [3, 1])
  })

  it('keeps a megabyte for a reader that hangs, drops the rest, and reports that when it reads again', async () => {
    const { output, lines, wakes } = reader({ isHung: true })
    const log = createLog(output)
    for (let line = 0; line < 10_000; line += 1) log({ step: 'send', line, detail: 'x'.repeat(1_000) })
    assert.ok(output.writableLength < 1_100_000, String(output.writableLength))
    assert.equal(log.isRead(), false)
    await wakes()
    assert.equal(log.isRead(), true)
    const before = lines().length
    log({ step: 'send', line: 'next' })
    const [line, next] = lines().slice(before)
    assert.deepEqual([line?.step, line?.outcome, line?.lines], ['log', 'dropped', 10_000 - before])
    assert.equal(next?.line, 'next')
    log({ step: 'send', line: 'last' })
    assert.equal(lines().length, before + 3)
  })
})
