import { request } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { usNumber } from './numbers.ts'

/** The smallest request for which a text is sent. */
export const goodBody = (): string =>
  JSON.stringify({
    data: { messageProfile: { phoneNumber: usNumber(7000), deliveryChannel: 'SMS', otpCode: '123456' } },
  })

/**
 * Posts over a raw connection, so that the answer is read even if the server ends the connection before it has read
 * everything.
 */
export async function postRaw(
  url: string,
  body: string,
  { chunked, authorization }: { readonly chunked: boolean; readonly authorization?: string },
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        ...(authorization !== undefined && { authorization }),
        ...(!chunked && { 'content-length': Buffer.byteLength(body) }),
      },
    })
    let isAnswered = false
    sent.on('response', answer => {
      isAnswered = true
      readText(answer).then(text => resolve({ status: answer.statusCode, body: text }), reject)
    })
    sent.on('error', error => !isAnswered && reject(error))
    for (let at = 0; at < body.length; at += 100_000) sent.write(body.slice(at, at + 100_000))
    sent.end()
  })
}
