import assert from 'node:assert/strict'
import { PassThrough, Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { copyLines } from './copy-lines.ts'

function collector() {
  const writes: string[] = []
  const output = new Writable({
    write: (chunk, _, done) => {
      writes.push(String(chunk))
      done()
    },
  })
  return { writes, output }
}

describe('copied lines', () => {
  it('are written completely, whatever pieces arrive', async () => {
    const { writes, output } = collector()
    const from = new PassThrough()
    const copied = copyLines(from, output)
    for (const piece of ['{"a":', '1}\n{"b"', ':2', '}\n', '{"é":3}\n{"c":4}\n']) from.write(piece)
    const letter = Buffer.from('"é"\n')
    from.write(letter.subarray(0, 2))
    from.end(letter.subarray(2))
    await copied
    assert.equal(writes.join(''), '{"a":1}\n{"b":2}\n{"é":3}\n{"c":4}\n"é"\n')
    for (const write of writes) assert.ok(write.endsWith('\n'), write)
  })

  it('do not include an incomplete line of a killed writer', async () => {
    const { writes, output } = collector()
    const from = new PassThrough()
    from.end('{"a":1}\n{"b":')
    await copyLines(from, output)
    assert.deepEqual(writes, ['{"a":1}\n'])
  })

  it('are not read while the copy is not read, and continue afterwards', async () => {
    const waiting: (() => void)[] = []
    const output = new Writable({ write: (_chunk, _, done) => void waiting.push(done) })
    const from = new PassThrough()
    const copied = copyLines(from, output)
    const line = `${'x'.repeat(100_000)}\n`
    for (let count = 0; count < 20; count += 1) from.write(line)
    await turns()
    assert.ok(output.writableLength < 600_000 && from.readableLength > 0, `${output.writableLength}`)
    from.end()
    const reader = setInterval(() => waiting.shift()?.(), 0)
    await copied
    clearInterval(reader)
    assert.equal(from.readableLength, 0)
  })

  it('are dropped when the reader has gone', async () => {
    const { output } = collector()
    output.destroy()
    const from = new PassThrough()
    from.end('{"a":1}\n'.repeat(10))
    await copyLines(from, output)
    assert.equal(from.readableLength, 0)
  })
})

async function turns(): Promise<void> {
  for (let count = 0; count < 50; count += 1) await new Promise(resolve => setImmediate(resolve))
}
