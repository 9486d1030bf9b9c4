import { type Context, Hono } from 'hono'
import { readBoundedText } from '../core/values/bounded-text.ts'
import { messageOf } from '../core/values/printable.ts'
import { changesScreen } from './changes.ts'
import { deliveriesScreen } from './deliveries.ts'
import { doctorScreen } from './doctor.ts'
import { fraudScreen } from './fraud.ts'
import { nowScreen } from './now.ts'
import { FORM_TOKEN, type Html, html, layout, missingRightIn, type Visitor } from './page.ts'
import { personScreen } from './person.ts'
import { routesScreen } from './routes.ts'
import type { Answer, Assets, ConsoleParts, Route, Screen, Visit } from './screen.ts'
import { templatesScreen } from './templates.ts'
import { texts } from './texts.ts'
import { tryScreen } from './try.ts'

/** The console as a function from a request of a visitor to a response. A door lets visitors in; the app knows none. */
export type Console = (request: Request, visitor: Visitor) => Promise<Response>

/** Every screen, in the order of the navigation. A new screen is a file and a line here. @internal */
export const screens: readonly Screen[] = [
  nowScreen,
  personScreen,
  deliveriesScreen,
  templatesScreen,
  routesScreen,
  fraudScreen,
  tryScreen,
  doctorScreen,
  changesScreen,
]

export function createConsole(parts: ConsoleParts): Console {
  const app = new Hono<{ Bindings: { readonly visitor: Visitor } }>()
  const respond = (context: Context, visitor: Visitor, answer: Answer, current?: string): Response => {
    if (answer.kind === 'redirect') return context.redirect(answer.to, 303)
    if (answer.kind === 'file')
      return context.body(bodyOf(answer.content), 200, {
        'content-type': answer.type,
        'content-disposition': `${answer.isShown === true ? 'inline' : 'attachment'}; filename="${answer.name}"`,
      })
    if (answer.refreshSeconds !== undefined) context.header('refresh', String(answer.refreshSeconds))
    return context.html(layout(answer, { screens, current, visitor }).toString(), answer.status ?? 200)
  }
  for (const screen of screens) {
    for (const route of screen.routes) {
      app.on(route.kind === 'page' ? 'GET' : 'POST', route.path, async context => {
        const { visitor } = context.env
        const visit = await readVisit(context, route, visitor)
        if (typeof visit === 'string') return context.html(problemPage(visitor, visit), 403)
        return respond(context, visitor, await route.answer(visit, parts), screen.path)
      })
    }
  }
  serveAssets(app, parts.assets)
  const problemPage = (visitor: Visitor, problem: string, body: Html = html``): string => {
    const page = { title: texts.problem, body: html`<h1>${texts.problem}</h1><p>${problem}</p>${body}` }
    return layout(page, { screens, current: undefined, visitor }).toString()
  }
  app.notFound(context => context.html(problemPage(context.env.visitor, texts.notFound), 404))
  app.onError((error, context) =>
    context.html(
      problemPage(
        context.env.visitor,
        missingRightIn(error) ?? texts.failed,
        html`<p class="quiet">${messageOf(error)}</p>`,
      ),
      500,
    ),
  )
  return async (request, visitor) => {
    const response = await app.fetch(request, { visitor })
    for (const [name, value] of securityHeaders) response.headers.set(name, value)
    return response
  }
}

/**
 * Of every response, also of the door's own. Nothing is loaded from elsewhere, kept or framed. The referrer policy must not
 * be stricter: browsers would hide the origin of our own forms.
 */
export const securityHeaders: readonly (readonly [name: string, value: string])[] = [
  [
    'content-security-policy',
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ],
  ['cache-control', 'no-store'],
  ['referrer-policy', 'same-origin'],
  ['x-content-type-options', 'nosniff'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
]

function bodyOf(content: string | Uint8Array): string | ArrayBuffer {
  return typeof content === 'string' ? content : Uint8Array.from(content).buffer
}

/** The visit, or why it is refused. */
async function readVisit(context: Context, { kind }: Route, visitor: Visitor): Promise<Visit | string> {
  const url = new URL(context.req.url)
  const visit = { visitor, path: url.pathname, params: context.req.param(), query: url.searchParams }
  if (kind === 'page') return { ...visit, form: new URLSearchParams() }
  const form = new URLSearchParams(await readBoundedText(context.req.raw.body, FORM_BYTES_MAX))
  if (form.get(FORM_TOKEN) !== visitor.formToken) return texts.staleForm
  if (kind === 'change' && visitor.isReadOnly) return texts.readOnly
  return { ...visit, form }
}

function serveAssets(app: Hono<{ Bindings: { readonly visitor: Visitor } }>, assets: Assets): void {
  const files = [
    ['/style.css', 'text/css; charset=utf-8', assets.style],
    ['/island.js', 'text/javascript; charset=utf-8', assets.island],
    ['/icon.svg', 'image/svg+xml', assets.icon],
  ] as const
  for (const [path, type, content] of files)
    app.get(path, context => context.body(content, 200, { 'content-type': type }))
}

const FORM_BYTES_MAX = 64 * 1024
