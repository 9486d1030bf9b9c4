/**
 * Inputs of `size` characters that make a backtracking engine slow: each repeatable part, repeated, after its required
 * prefix and before text that cannot follow; alternating neighbours; and whole matches in a row.
 */
export function hostileInputs(pattern: RegExp, size: number): readonly string[] {
  const whole = parse(pattern)
  const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size)
  const units = new Set<string>([' ', '\n', 'a', '0', 'é'])
  const inputs = new Set<string>()
  const add = (before: string, unit: string): void => {
    if (unit === '') return
    units.add(unit)
    for (const after of ENDS) inputs.add(`${before}${fill(unit)}`.slice(0, size - after.length) + after)
  }
  for (const { before, unit } of repeats(whole, '')) {
    add(before, unit)
    add('', before + unit)
  }
  const shortest = sampleOf(whole)
  if (shortest !== '') units.add(shortest)
  for (const unit of units) add('', unit)
  return [...inputs]
}

type Node =
  | { readonly kind: 'characters'; readonly samples: readonly string[] }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number }
  | { readonly kind: 'nothing' }

function sampleOf(node: Node): string {
  switch (node.kind) {
    case 'characters':
      return node.samples[0] ?? ''
    case 'sequence':
      return node.nodes.map(sampleOf).join('')
    case 'choice':
      return sampleOf(node.nodes[0] ?? { kind: 'nothing' })
    case 'repeat':
      return sampleOf(node.node).repeat(Math.max(1, Math.min(node.min, 20)))
    case 'nothing':
      return ''
  }
}

function* repeats(node: Node, before: string): Generator<{ readonly before: string; readonly unit: string }> {
  if (node.kind === 'choice') for (const one of node.nodes) yield* repeats(one, before)
  if (node.kind === 'repeat') {
    for (const unit of unitsOf(node.node)) yield { before, unit }
    yield* repeats(node.node, before)
  }
  if (node.kind !== 'sequence') return
  let soFar = before
  for (const [index, one] of node.nodes.entries()) {
    yield* repeats(one, soFar)
    const next = node.nodes[index + 1]
    if (next !== undefined) yield { before: soFar, unit: sampleOf(one) + sampleOf(next) }
    soFar += sampleOf(one)
  }
}

function unitsOf(node: Node): readonly string[] {
  if (node.kind === 'characters') return node.samples
  return node.kind === 'choice' ? node.nodes.flatMap(unitsOf) : [sampleOf(node)]
}

/** Enough of the grammar to find repeatable parts; assertions are ignored. */
function parse({ source, flags }: RegExp): Node {
  let at = 0
  const choice = (): Node => {
    const nodes = [sequence()]
    while (source[at] === '|') {
      at += 1
      nodes.push(sequence())
    }
    return { kind: 'choice', nodes }
  }
  const sequence = (): Node => {
    const nodes: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') nodes.push(repeated(atom()))
    return { kind: 'sequence', nodes }
  }
  const repeated = (node: Node): Node => {
    const [all = '', , least] = /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(source.slice(at)) ?? []
    if (all === '') return node
    at += all.length
    if (all.startsWith('?')) return { kind: 'repeat', node, min: 0 }
    return { kind: 'repeat', node, min: least === undefined ? Number(all.startsWith('+')) : Number(least) }
  }
  const atom = (): Node => {
    if (source[at] === '(') {
      const [opening = '('] = /^\((?:\?(?:[:=!]|<[=!]|<\w+>|[ims-]+:))?/.exec(source.slice(at)) ?? []
      at += opening.length
      const inner = choice()
      at += 1
      return /[=!]$/.test(opening) ? { kind: 'nothing' } : inner
    }
    const [text = ''] =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\[pPu]\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\k<\w+>|\\.|.)/is.exec(
        source.slice(at),
      ) ?? []
    at += text.length
    if (/^(?:[\^$]|\\[bBk\d])/.test(text)) return { kind: 'nothing' }
    const matches = new RegExp(`^(?:${text})$`, flags.replace(/[gy]/g, ''))
    const literal = text.length === 1 ? [text] : text.length === 2 && text[0] === '\\' ? [text.slice(1)] : []
    const samples = [...literal, ...CANDIDATES].filter(candidate => matches.test(candidate))
    // One of each kind: digits, letters, marks, spaces and symbols differ in what may follow.
    const kinds = new Map(
      samples.toReversed().map(sample => [KINDS.findIndex(kind => kind.test(sample)), sample]),
    )
    return { kind: 'characters', samples: [...kinds.values()].toReversed() }
  }
  return choice()
}

const ENDS = ['', '\u0000', '!', '\n']
const CANDIDATES = [
  ...'a0A.-_/:@<>"\'{}[](),;=%\\&#+|*!?~^$` \n\t',
  ...'é١中\u0301\u00a0\u200b\u0000\u{1f600}',
]
const KINDS = [/\s/u, /\d/, /[a-z]/i, /\p{L}/u, /\p{N}/u, /\p{M}/u, /[.\-_]/, /./su]
