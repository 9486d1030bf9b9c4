import { parseSync, Visitor } from 'oxc-parser'

/**
 * What is wrong in a source of the console's pages. Every attribute is quoted; every address of an attribute goes through
 * `address`; there is no script, style or handler in a page; HTML is written only in `html` templates, which escape. Only
 * `page.ts` knows the library, so that nothing else can make raw HTML, and only it writes forms that are sent by POST.
 */
export function pageProblems(file: string, source: string): readonly string[] {
  const problems: string[] = []
  const isPage = file.endsWith('/page.ts')
  const { program } = parseSync(file, source)
  const templates = new Set<number>()
  new Visitor({
    ImportDeclaration: ({ source: from, specifiers }) => {
      const names = specifiers.map(({ local }) => source.slice(local.start, local.end))
      if (isPage && from.value === 'hono/html' && names.includes('raw')) problems.push('imports raw')
      if (from.value.startsWith('hono/') && !isPage) problems.push(`imports ${from.value}: only page.ts may`)
    },
    TaggedTemplateExpression: ({ tag, quasi }) => {
      if (tag.type !== 'Identifier' || tag.name !== 'html') return
      templates.add(quasi.start)
      const pieces = quasi.quasis.map(({ value }) => value.raw)
      problems.push(...pieces.flatMap(piece => inPiece(piece, isPage)))
      quasi.expressions.forEach((expression, index) => {
        const before = pieces[index] ?? ''
        if (/=\s*$/.test(before)) problems.push(`an attribute is not quoted: ${before.slice(-30)}`)
        const attribute = /\s([\w:-]+)="[^"]*$/.exec(before)?.[1]
        if (attribute === undefined || !ADDRESSES.includes(attribute)) return
        const isAlone = /="$/.test(before) && pieces[index + 1]?.startsWith('"') === true
        const isAddress =
          expression.type === 'CallExpression' &&
          expression.callee.type === 'Identifier' &&
          expression.callee.name === 'address'
        if (!isAlone || !isAddress) problems.push(`${attribute} is not exactly one call of address()`)
      })
    },
  }).visit(program)
  new Visitor({
    TemplateLiteral: ({ start, quasis }) => {
      if (!templates.has(start) && quasis.some(({ value }) => HTML.test(value.raw)))
        problems.push('HTML in a template without the tag html')
    },
    Literal: ({ value }) => {
      if (typeof value === 'string' && HTML.test(value))
        problems.push(`HTML in a string: ${value.slice(0, 30)}`)
    },
    Identifier: ({ name }) => {
      if (['isEscaped', 'innerHTML', 'outerHTML'].includes(name)) problems.push(`names ${name}`)
    },
  }).visit(program)
  return problems
}

function inPiece(piece: string, isPage: boolean): readonly string[] {
  const tags = piece.replaceAll(/>[^<]*/g, '>')
  const names = tags.replaceAll(/"[^"]*"/g, '""')
  return [
    ...(/<\w[^>]*\s[\w:-]+=[^"\s>]/.test(names) ? [`an attribute is not quoted: ${piece.slice(0, 40)}`] : []),
    ...(/\s(?:on\w+|style)=/.test(names)
      ? ['a handler or a style in a page, which the policy of the page refuses']
      : []),
    ...(/<style|<script(?! type="module" src="$)/.test(piece) ? ['a script or a style in a page'] : []),
    ...(!isPage && /method="post"/i.test(piece) ? ['a form by POST without postForm()'] : []),
    ...[...tags.matchAll(/\s([\w:-]+)="([^"]+)"/g)].flatMap(([, name = '', value]) =>
      ADDRESSES.includes(name) && !/^#[\w-]+$/.test(value ?? '')
        ? [`${name}="${value}" without address()`]
        : [],
    ),
  ]
}

const ADDRESSES = [
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'cite',
  'data',
  'srcset',
  'ping',
  'xlink:href',
]
const HTML = /<\/?[a-z][\w-]*[\s>]/i
