import type { Readable, Writable } from 'node:stream'

/**
 * Copies complete lines, so that those of several processes are not mixed. Resolves at the end of `from`. An incomplete
 * last line is dropped: its writer was killed. While `to` is not read, `from` is not read either, so its writer
 * notices. After `to` is destroyed, everything is read and dropped.
 */
export async function copyLines(from: Readable, to: Writable): Promise<void> {
  let rest: Buffer[] = []
  for await (const chunk of from as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end === 0) {
      rest.push(chunk)
      continue
    }
    const lines = Buffer.concat([...rest, chunk.subarray(0, end)])
    rest = [chunk.subarray(end)]
    if (!to.destroyed && !to.write(lines) && to.writableLength > UNREAD_MAX_BYTES) await drained(to)
  }
}

function drained(to: Writable): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      to.off('drain', done)
      to.off('close', done)
      resolve()
    }
    to.on('drain', done)
    to.on('close', done)
  })
}

const NEWLINE = 0x0a
const UNREAD_MAX_BYTES = 256 * 1024 // part of the log's megabyte, above which lines are dropped
