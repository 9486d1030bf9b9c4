import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Console } from './console.ts'
import { securityHeaders } from './console.ts'
import { address, type Html, html, plainPage } from './page.ts'
import { texts } from './texts.ts'

export type DoorParts = {
  readonly console: Console
  /** Where this process listens: `http://127.0.0.1:8085`. Only requests to exactly this address are answered. */
  readonly origin: string
  /** The author of changes. */
  readonly visitorName: string
  readonly isReadOnly: boolean
  readonly now: () => number
  /** 32 random bytes as text for addresses, another each time. */
  readonly newToken: () => string
  /** After a token was used: the next address, for another browser. */
  readonly onOpened?: (address: string) => void
}

export type Door = {
  readonly answer: (request: Request) => Promise<Response>
  /** With a token that lets one browser in, once. */
  readonly address: () => string
}

/**
 * The door of a console on this machine. The address with the token gives a browser a cookie, once; everything else
 * needs the cookie. Browsers send the cookies of loopback to every port, so the name of the cookie has the port, and its
 * value is sealed with a key that only this process knows.
 */
export function createDoor(parts: DoorParts): Door {
  const { console: app, origin, now, newToken } = parts
  const { host, port } = new URL(origin)
  const key = newToken()
  const cookieName = `hookline-console-${port}`
  const seal = (what: string, text: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([what, origin, text]))
      .digest('base64url')
  let token = newToken()
  const addressNow = (): string => `${origin}/?token=${token}`

  const letIn = (): Response => {
    token = newToken()
    parts.onOpened?.(addressNow())
    const session = `${now() + SESSION_MS}.${newToken()}`
    const cookie = `${cookieName}=${session}.${seal('cookie', session)}; Path=/; HttpOnly; SameSite=Strict`
    return secured(new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } }))
  }
  /** The session of a cookie of this process that has not expired. */
  const sessionOf = (request: Request): string | undefined =>
    cookiesOf(request, cookieName)
      .map(value => /^((\d{1,15})\.[\w-]+)\.([\w-]+)$/.exec(value))
      .find(
        match => match && isSame(match[3] ?? '', seal('cookie', match[1] ?? '')) && Number(match[2]) > now(),
      )
      ?.at(1)

  const answer = async (request: Request): Promise<Response> => {
    if (request.headers.get('host') !== host) return refused(421, texts.door.wrongHost)
    const url = new URL(request.url)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!isRead && request.headers.get('origin') !== origin) return refused(403, texts.door.foreign)
    const offered = url.searchParams.get('token')
    if (request.method === 'GET' && url.pathname === '/' && offered !== null)
      return isSame(offered, token) ? letIn() : refused(403, texts.door.usedToken)
    const site = request.headers.get('sec-fetch-site') ?? 'none'
    if (site !== 'none' && site !== 'same-origin')
      return isRead && request.headers.get('sec-fetch-mode') === 'navigate'
        ? refused(403, texts.door.fromElsewhere, goOn(url))
        : refused(403, texts.door.foreign)
    const session = sessionOf(request)
    if (session === undefined) return refused(403, texts.door.closed)
    const { visitorName: name, isReadOnly } = parts
    return app(request, { name, isReadOnly, formToken: seal('form', session) })
  }
  return { answer, address: addressNow }
}

/**
 * A browser sends no cookie when a page elsewhere, such as a ticket, links here. It does when the person follows the same
 * link on a page of ours.
 */
function goOn({ pathname, search }: URL): Html {
  return html`<p><a href="${address(`${pathname}${search}`)}">${texts.door.goOn}</a></p>`
}

function refused(status: number, problem: string, more: Html = html``): Response {
  const page = plainPage(texts.door.title, html`<p>${problem}</p>${more}`).toString()
  return secured(new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8' } }))
}

function secured(response: Response): Response {
  for (const [name, value] of securityHeaders) response.headers.set(name, value)
  return response
}

/** Programs at other ports can set a cookie of the same name too. */
function cookiesOf({ headers }: Request, name: string): readonly string[] {
  return (headers.get('cookie') ?? '')
    .split(';')
    .map(cookie => cookie.trim().split('='))
    .flatMap(([cookie, ...value]) => (cookie === name ? [value.join('=')] : []))
}

/** Compares in a time that does not depend on the texts. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map(text => createHmac('sha256', 'same').update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}

/** A working day. */
const SESSION_MS = 12 * 3_600_000
