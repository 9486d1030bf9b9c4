import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { readBoundedText } from '../../core/values/bounded-text.ts'

/**
 * Posts JSON, over a connection of its own and without following a redirect. Rejects with the system's error, when the
 * signal aborts, and for an answer of more than 100 kB. Node's own client: a function would load a second one for `fetch`.
 */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: object,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  const text = JSON.stringify(body)
  const send = url.startsWith('https:') ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    const sent = send(
      url,
      {
        method: 'POST',
        agent: false,
        signal,
        headers: {
          'user-agent': 'hookline',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          ...headers,
        },
      },
      answer => {
        readBoundedText(answer, ANSWER_MAX_BYTES).then(
          body => resolve({ status: answer.statusCode ?? 0, body }),
          reject,
        )
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

const ANSWER_MAX_BYTES = 100_000
