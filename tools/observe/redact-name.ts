/**
 * The name of a field, claim or header if it looks like an identifier in code; otherwise only its length. An identifier
 * has few capitals, and digits only at its end, unlike an ID, an address or a number.
 */
export function redactName(name: string): string {
  return isWord(name) ? name : `(a name of ${name.length} characters)`
}

function isWord(name: string): boolean {
  if (name.length > LENGTH_MAX || !/^[A-Za-z][A-Za-z_]*\d{0,2}$/.test(name)) return false
  const letters = name.replace(/[^A-Za-z]/g, '')
  const capitals = letters.replace(/[a-z]/g, '')
  return capitals.length * 3 <= letters.length
}

const LENGTH_MAX = 41
