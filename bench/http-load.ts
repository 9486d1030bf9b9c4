import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Cost, costOf, type Load } from './load.ts'
import { cpuMicrosecondsOf, memoryMbOf } from './machine.ts'

/** A server under load, as its process shows it. */
export type HttpCost = Cost & { readonly requestsASecond: number }

export type Target = {
  /** The hook: `http://127.0.0.1:1234/mfa`. */
  readonly url: string
  readonly pid: number
  readonly token: string
  /** The body of the next request. */
  readonly nextBody: () => string
}

/** As many connections as `concurrency`, all kept, each with one request at a time. Throws unless each code is sent. */
export async function loadOverHttp(
  { url, pid, token, nextBody }: Target,
  { requests, concurrency }: Load,
): Promise<HttpCost> {
  const { hostname, port, host, pathname } = new URL(url)
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\naccept: application/json\r\n`
  const texts = Array.from({ length: requests }, () => {
    const body = nextBody()
    return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  })
  const sockets = Array.from({ length: concurrency }, () => connect(Number(port), hostname))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  try {
    const cpuBefore = cpuMicrosecondsOf(pid)
    const startedAt = performance.now()
    const waiting = texts.values()
    const durations = await Promise.all(sockets.map(socket => askAll(socket, waiting)))
    const seconds = (performance.now() - startedAt) / 1_000
    const cpuMicroseconds = (cpuMicrosecondsOf(pid) - cpuBefore) / requests
    const { peak } = memoryMbOf(pid)
    return { ...costOf(durations.flat(), cpuMicroseconds, peak), requestsASecond: requests / seconds }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

async function askAll(socket: Socket, texts: Iterable<string>): Promise<readonly number[]> {
  const durationsMs: number[] = []
  const nextAnswer = answersOn(socket)
  for (const text of texts) {
    const startedAt = performance.now()
    socket.write(text)
    const answer = await nextAnswer()
    durationsMs.push(performance.now() - startedAt)
    if (!answer.includes('"SUCCESSFUL"')) throw new Error(`The server answered ${answer}`)
  }
  return durationsMs
}

/** One answer after the other; each has a length, or comes in chunks. */
function answersOn(socket: Socket): () => Promise<string> {
  let text = ''
  let waiting: PromiseWithResolvers<string> | undefined
  socket.setEncoding('latin1').on('data', chunk => {
    text += chunk
    if (!isWhole(text)) return
    waiting?.resolve(text)
    text = ''
  })
  socket.on('close', () => waiting?.reject(new Error(`The server closed the connection after ${text}`)))
  return () => {
    waiting = Promise.withResolvers()
    return waiting.promise
  }
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, end))?.[1]
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= end + 4 + Number(length)
}
