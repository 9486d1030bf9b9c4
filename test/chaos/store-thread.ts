import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * The Node options with which `inStoreThread` reaches a program's threads; the inspector's address is on standard
 * error.
 */
export const INSPECTED = '--inspect=127.0.0.1:0'

/**
 * Evaluates an expression in each thread of a program, and in each thread that it starts later. The returned function
 * evaluates `atEnd` in the threads that remain. It uses the inspector's protocol, so the program needs no code for
 * this.
 */
export async function inStoreThread(
  errorsFile: string,
  expression: string,
  { atEnd, once = false }: { readonly atEnd?: string; readonly once?: boolean } = {},
): Promise<() => Promise<void>> {
  const socket = new WebSocket(await addressIn(errorsFile))
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('The inspector does not answer'))
  })
  let lastId = 0
  const send = (method: string, params: object): void => {
    lastId += 1
    socket.send(JSON.stringify({ id: lastId, method, params }))
  }
  const sessions = new Set<string>()
  const evaluate = (sessionId: string, text: string): void => {
    lastId += 1
    const message = JSON.stringify({ id: lastId, method: 'Runtime.evaluate', params: { expression: text } })
    send('NodeWorker.sendMessageToWorker', { sessionId, message })
  }
  const first = Promise.withResolvers<void>()
  socket.onmessage = ({ data }) => {
    const { method, params } = JSON.parse(String(data)) as Message
    const { sessionId } = params ?? {}
    if (sessionId === undefined) return
    if (method === 'NodeWorker.detachedFromWorker') sessions.delete(sessionId)
    if (method !== 'NodeWorker.attachedToWorker' || (once && sessions.size > 0)) return
    sessions.add(sessionId)
    evaluate(sessionId, expression)
    first.resolve()
  }
  send('NodeWorker.enable', { waitForDebuggerOnStart: false })
  await first.promise
  return async () => {
    if (atEnd !== undefined) for (const sessionId of sessions) evaluate(sessionId, atEnd)
    await pause(50)
    socket.close()
  }
}

async function addressIn(file: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const found = /ws:\/\/\S+/.exec(readFileSync(file, 'utf8'))
    if (found !== null) return found[0]
    if (attempt === 200) throw new Error(`No inspector in ${file}`)
    await pause(20)
  }
}

type Message = { readonly method?: string; readonly params?: { readonly sessionId?: string } }
