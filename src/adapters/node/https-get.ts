import * as http from 'node:http'
import * as https from 'node:https'
import { readBoundedText } from '../../core/values/bounded-text.ts'

/** Uses Node's older client, which a function loads anyway: loading `fetch` takes a third of a short start. */
export function httpsGet(
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly cacheControl: string; readonly text: string }> {
  const { get } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, headers: { accept: 'application/json' } }, answer => {
      readBoundedText(answer, maxBytes).then(
        text =>
          resolve({
            status: answer.statusCode ?? 0,
            cacheControl: answer.headers['cache-control'] ?? '',
            text,
          }),
        reject,
      )
    })
    request.on('error', reject)
  })
}
