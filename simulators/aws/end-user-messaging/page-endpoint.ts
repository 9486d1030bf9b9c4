import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { send, sendProblem } from './http.ts'

/** The phone page and its files. They are read for each request, so that a reload shows changes. */
export async function answerPage(path: string, response: ServerResponse) {
  const file = FILES.get(path)
  if (!file) {
    sendProblem(response, 404, `There is nothing at ${path}`)
    return
  }
  const body = await readFile(new URL(`./page/${file.name}`, import.meta.url))
  send(response, 200, file.contentType, body, PAGE_HEADERS)
}

const HTML = 'text/html; charset=utf-8'
const CSS = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'
const SVG = 'image/svg+xml'

const FILES: ReadonlyMap<string, { readonly name: string; readonly contentType: string }> = new Map([
  ['/', { name: 'index.html', contentType: HTML }],
  ['/desk.css', { name: 'desk.css', contentType: CSS }],
  ['/bubbles.css', { name: 'bubbles.css', contentType: CSS }],
  ['/phone.css', { name: 'phone.css', contentType: CSS }],
  ['/phone.js', { name: 'phone.js', contentType: SCRIPT }],
  ['/bubbles.js', { name: 'bubbles.js', contentType: SCRIPT }],
  ['/codes.js', { name: 'codes.js', contentType: SCRIPT }],
  ['/speech.js', { name: 'speech.js', contentType: SCRIPT }],
  ['/faults.js', { name: 'faults.js', contentType: SCRIPT }],
  ['/handset.svg', { name: 'handset.svg', contentType: SVG }],
  ['/verified.svg', { name: 'verified.svg', contentType: SVG }],
  ['/icon.svg', { name: 'icon.svg', contentType: SVG }],
])

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
}
