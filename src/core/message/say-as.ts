/**
 * SSML with only text inside `<say-as>`: SSML allows no element there (W3C SSML 1.1, 3.1.9), and a voice may refuse the
 * whole message. Tags and comments inside it are removed; the content of the tags is kept.
 */
export function withPlainSayAs(ssml: string): string {
  if (!ssml.includes('<say-as')) return ssml
  let depth = 0
  return ssml.replace(TAG, tag => {
    const isSayAs = /^<\/?say-as[\s/>]/.test(tag)
    if (isSayAs && tag.startsWith('</')) {
      depth = Math.max(0, depth - 1)
      return depth === 0 ? tag : ''
    }
    if (isSayAs && !tag.endsWith('/>')) {
      depth++
      return depth === 1 ? tag : ''
    }
    return depth === 0 ? tag : ''
  })
}

/** What is inside each outermost `<say-as>`, tags included. */
export function sayAsContents(ssml: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: tag, index } of ssml.matchAll(TAG)) {
    if (!/^<\/?say-as[\s/>]/.test(tag) || tag.endsWith('/>')) continue
    if (tag.startsWith('</')) {
      depth = Math.max(0, depth - 1)
      if (depth === 0) found.push(ssml.slice(start, index))
    } else if (++depth === 1) start = index + tag.length
  }
  return found
}

/** A comment or a CDATA section (either may be unclosed), or a tag, whose attributes may contain `>`. */
const TAG = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(?:[^<>"']|"[^"]*"|'[^']*')*>/g
