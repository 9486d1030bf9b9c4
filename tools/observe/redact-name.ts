/**
 * The name of a field, a claim or a header, if it looks like a word that a programmer chose; else its length only. What
 * looks like an ID, an address or a number is no word: digits stand at the end only, capitals are few.
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
