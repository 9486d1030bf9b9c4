/** A module that a file imports. */
export type Import = {
  /** As written; `undefined` when it is computed. */
  readonly specifier: string | undefined
  /** `import type` and `export type`: gone when the program runs. */
  readonly isTypeOnly: boolean
}

/** Every static, type and dynamic import of a TypeScript file, and every re-export. */
export function readImports(source: string): readonly Import[] {
  const { text, code } = scan(source)
  const found: Import[] = []
  for (const { index, 0: keyword } of code.matchAll(/(?<![\w$.])(?:import|export|require)\b/g)) {
    const rest = text.slice(index)
    const isCode = code.slice(index)
    if (keyword !== 'export' && /^\w+\s*\(/.test(isCode)) {
      found.push({ specifier: /^\w+\s*\(\s*(['"`])([^'"`$]+)\1/.exec(rest)?.[2], isTypeOnly: false })
    } else {
      const named = /^(?:import|export)\b(?:[\w\s{},*$]*?\bfrom)?\s*(['"])(.+?)\1/.exec(rest)
      if (named?.[2] !== undefined)
        found.push({ specifier: named[2], isTypeOnly: /^\w+\s+type\b(?!\s*(?:,|from\b))/.test(rest) })
    }
  }
  return found
}

/** The code alone: comments, and what stands inside of strings and regular expressions, are blanks. */
export function codeOf(source: string): string {
  return scan(source).code
}

/** Every regular expression of a TypeScript file, with the line that it begins on. */
export function readRegularExpressions(
  file: string,
): readonly { readonly line: number; readonly pattern: RegExp }[] {
  const source = file.replace(/^#!.*/, blank)
  return scan(source).patterns.map(({ at, part }) => {
    const end = part.lastIndexOf('/')
    return {
      line: source.slice(0, at).split('\n').length,
      pattern: new RegExp(part.slice(1, end), part.slice(end + 1)),
    }
  })
}

/**
 * `text` is the source without comments, `code` also without the inside of strings and regular expressions.
 * Both are as long as the source, so that places can be compared.
 */
function scan(source: string): {
  readonly text: string
  readonly code: string
  readonly patterns: readonly { readonly at: number; readonly part: string }[]
} {
  const patterns: { readonly at: number; readonly part: string }[] = []
  let text = ''
  let code = ''
  const keep = (part: string, asCode: string): void => {
    text += part
    code += asCode
  }
  // Template literals nest: for each open one, how many braces are open in its `${…}`.
  const templates: number[] = []
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at)
    const isTemplate = rest[0] === '`' || (rest[0] === '}' && templates.at(-1) === 0)
    const part = isTemplate ? nextTemplatePiece(rest) : nextPart(rest, code)
    if (isTemplate && rest[0] === '}') templates.pop()
    if (isTemplate && part.endsWith('${')) templates.push(0)
    const open = templates.length - 1
    if (part === '{' && open >= 0) templates[open] = (templates[open] ?? 0) + 1
    if (part === '}' && !isTemplate && open >= 0) templates[open] = (templates[open] ?? 0) - 1

    if (part.startsWith('//') || part.startsWith('/*')) keep(blank(part), blank(part))
    else if (isTemplate || (part.length > 1 && /^['"/]/.test(part))) keep(part, blankInside(part))
    else keep(part, part)
    if (!isTemplate && /^\/[^/*]/.test(part)) patterns.push({ at, part })
    at += part.length
  }
  return { text, code, patterns }
}

/** A comment, a string, a regular expression, or one character. */
function nextPart(rest: string, before: string): string {
  const found =
    /^\/\/.*/.exec(rest) ??
    /^\/\*[\s\S]*?\*\//.exec(rest) ??
    /^'(?:[^'\\\n]|\\[\s\S])*'/.exec(rest) ??
    /^"(?:[^"\\\n]|\\[\s\S])*"/.exec(rest) ??
    (canStartRegExp(before)
      ? /^\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/.exec(rest)
      : null)
  return found?.[0] ?? rest.slice(0, 1)
}

/** From a backtick or the end of a `${…}` to the next `${` or the closing backtick. */
function nextTemplatePiece(rest: string): string {
  return /^[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/.exec(rest)?.[0] ?? rest.slice(0, 1)
}

/** A slash after a value divides; elsewhere it opens a regular expression. */
function canStartRegExp(before: string): boolean {
  const last = before.slice(-200).trimEnd()
  return last === '' || /[(,=:[!&|?{};+*%~^<>-]$/.test(last) || /\b(?:return|typeof|case|in|of)$/.test(last)
}

function blank(part: string): string {
  return part.replace(/[^\n]/g, ' ')
}

function blankInside(part: string): string {
  return `${part[0]}${blank(part.slice(1, -1))}${part.at(-1)}`
}
