export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

/**
 * One element with what is in it; nothing where the value is undefined. Lists are wrapped, each item in `<member>`,
 * as the query protocol has them; with `flat` their items repeat the element, as S3 has them.
 */
export function xml(name: string, value: XmlValue, lists: 'member' | 'flat' = 'member'): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) {
    const items = value as readonly XmlValue[]
    return lists === 'flat'
      ? items.map(item => xml(name, item, lists)).join('')
      : `<${name}>${items.map(item => xml('member', item, lists)).join('')}</${name}>`
  }
  const content =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([child, inner]) => xml(child, inner as XmlValue, lists))
          .join('')
      : escapeXml(String(value))
  return `<${name}>${content}</${name}>`
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
