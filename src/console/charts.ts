import { type Html, html } from './page.ts'

/** One bar for each label: parts on top of each other, in the order of their names. */
export type Bars = {
  readonly title: string
  /** The chart in one sentence, for those who do not see it. */
  readonly summary: string
  readonly names: readonly string[]
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[]
}

/** A bar chart as SVG. The classes `s0`, `s1` … give the parts their colours. */
export function barChart({ title, summary, names, bars }: Bars): Html {
  const max = Math.max(1, ...bars.map(({ values }) => sum(values)))
  const width = WIDTH / Math.max(1, bars.length)
  return html`<figure class="card">
<figcaption>${title}</figcaption>
<svg role="img" aria-label="${summary}" viewBox="0 0 ${WIDTH} ${HEIGHT + 18}">
<line x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" class="axis"></line>
${bars.map(({ label, values }, index) => {
  const x = index * width
  const hasLabel = index % Math.ceil(bars.length / LABELS_MAX) === 0
  return html`${values.map((value, part) => {
    const bottom = HEIGHT - scale(sum(values.slice(0, part)), max)
    const height = scale(value, max)
    return (
      height > 0 &&
      html`<rect class="s${part}" x="${rounded(x + width * 0.12)}" y="${rounded(bottom - height)}" width="${rounded(width * 0.76)}" height="${rounded(height)}"><title>${label}: ${value} ${names[part]}</title></rect>`
    )
  })}${hasLabel && html`<text x="${rounded(x + width / 2)}" y="${HEIGHT + 14}">${label}</text>`}`
})}
</svg>
<p class="legend">${names.map((name, part) => html`<span class="key s${part}">${name}</span> `)}</p>
</figure>`
}

function scale(value: number, max: number): number {
  return (value / max) * (HEIGHT - 4)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

const [WIDTH, HEIGHT] = [320, 90]
const LABELS_MAX = 8
