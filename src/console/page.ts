import { html as escaping } from 'hono/html'
import { printableLines } from '../core/values/printable.ts'
import { texts } from './texts.ts'

/** A piece of a page. Only `html` and `verbatim` make one, so every text in it is escaped. */
export type Html = Exclude<ReturnType<typeof escaping>, Promise<unknown>>
export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[]

/**
 * A template of HTML. Every value is escaped; invisible and control characters are shown as `\u202e`. Attributes must be
 * quoted, and addresses go through `address`: a test reads the sources for both.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return escaped(strings, values.map(shown))
}

/** A text as it is, for fields that are edited: escaped, with its invisible characters. */
export function verbatim(text: string): Html {
  return escaped(['', ''], [text])
}

function shown(value: HtmlValue): unknown {
  if (typeof value === 'string') return printableLines(value)
  return isList(value) ? value.map(shown) : value
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value)
}

function escaped(strings: readonly string[], values: readonly unknown[]): Html {
  const made = escaping(Object.assign([...strings], { raw: strings }), ...values)
  if (made instanceof Promise) throw new Error('A value of a page is a promise')
  return made
}

/**
 * An address for an attribute: http(s), or an own path with the query. Anything else, such as `javascript:`, becomes a link
 * to nowhere.
 */
export function address(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const isOwn = /^\/(?![/\\])/.test(path)
  const isWeb = /^https?:\/\/[^\s]+$/i.test(path) && URL.canParse(path)
  if (!(isOwn || isWeb) || /[\p{Cc}\\]/u.test(path)) return '#'
  const known = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  const search = new URLSearchParams(known).toString()
  return search === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${search}`
}

/** Who sees the pages, as the door knows them. */
export type Visitor = {
  /** The author of changes. */
  readonly name: string
  /** The value that every form must send back. */
  readonly formToken: string
  readonly isReadOnly: boolean
}

/** The hidden field of every form that is sent by POST. */
export const FORM_TOKEN = 'form-token'

/** A form that is sent by POST, with the visitor's token. */
export function postForm(visitor: Visitor, path: string, content: Html, className = ''): Html {
  return html`<form method="post" action="${address(path)}" class="${className}">
<input type="hidden" name="${FORM_TOKEN}" value="${visitor.formToken}">
${content}
</form>`
}

/**
 * A button that changes something, with the command that does the same. In a read-only console it is disabled and says so.
 */
export function changeButton(visitor: Visitor, label: string, command: string): Html {
  return html`<button type="submit"${visitor.isReadOnly ? html` disabled` : ''}>${label}</button>
${visitor.isReadOnly && html`<p class="quiet">${texts.readOnly}</p>`}
${commandLine(command)}`
}

/** Names the IAM action that AWS refused, where that is the reason of a failure. */
export function missingRightIn(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : ''
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1]
  return action && texts.missingRight(action)
}

/** A sentence whose commands and names are in backticks. */
export function prose(text: string): Html {
  return html`${text.split('`').map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : piece))}`
}

/** The command that does the same, to be read and copied. */
export function commandLine(command: string): Html {
  return html`<p class="command"><span class="quiet">${texts.command}</span> <code>${command}</code></p>`
}

/** The whole page, with the navigation. `current`: the path of its screen. */
export function layout(
  { title, body }: { readonly title: string; readonly body: Html },
  {
    screens,
    current,
    visitor,
  }: {
    readonly screens: readonly { readonly title: string; readonly path: string }[]
    readonly current: string | undefined
    readonly visitor: Visitor
  },
): Html {
  const links = screens.map(
    ({ title: name, path }) =>
      html`<li><a href="${address(path)}"${path === current ? html` aria-current="page"` : ''}>${name}</a></li>`,
  )
  return html`<!doctype html>
<html lang="en">
${head(title)}
<body>
<a class="skip" href="#content">${texts.skip}</a>
<header>
<p class="name"><a href="${address('/')}">${texts.name}</a></p>
<nav aria-label="${texts.navigation}"><ul>${links}</ul></nav>
${searchForm(visitor)}
${visitor.isReadOnly && html`<p class="badge">${texts.readOnlyBadge}</p>`}
</header>
<main id="content" tabindex="-1">
${body}
</main>
</body>
</html>
`
}

/** On every page: finds a person. By POST, so that no number or login is in an address. */
function searchForm(visitor: Visitor): Html {
  const field = html`<label>${texts.search.label} <input type="search" name="q" maxlength="255" autocomplete="off" required placeholder="${texts.search.hint}"></label>
<button type="submit">${texts.search.button}</button>`
  return html`<search>${postForm(visitor, '/person/search', field, 'search')}</search>`
}

/** A page without navigation, for those who are not let in. */
export function plainPage(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
${head(title, false)}
<body><main id="content"><h1>${title}</h1>${body}</main></body>
</html>
`
}

function head(title: string, hasAssets = true): Html {
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${texts.name}</title>
${
  hasAssets &&
  html`<link rel="stylesheet" href="${address('/style.css')}">
<link rel="icon" href="${address('/icon.svg')}" type="image/svg+xml">
<script type="module" src="${address('/island.js')}"></script>`
}
</head>`
}
