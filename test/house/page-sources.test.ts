import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { pageProblems } from './page-sources.ts'

test('the pages of the console quote every attribute, check every address and write no raw HTML', () => {
  const files = globSync('src/console/**/*.ts').filter(file => !file.endsWith('.test.ts'))
  assert.ok(files.length > 5, 'the sources were not found')
  const found = files.flatMap(file =>
    pageProblems(file, readFileSync(file, 'utf8')).map(problem => `${file}: ${problem}`),
  )
  assert.deepEqual(found, [])
})

const dollar = '$'
for (const [source, problem] of [
  [`html\`<p class=${dollar}{a}></p>\``, /not quoted/],
  ['html`<p class=a></p>`', /not quoted/],
  [`html\`<p hidden class= ${dollar}{a}></p>\``, /not quoted/],
  [`html\`<a href="${dollar}{link}">x</a>\``, /href is not exactly one call of address/],
  [`html\`<a href="/x/${dollar}{address(id)}">x</a>\``, /href is not exactly one call of address/],
  [
    `html\`<a href="${dollar}{address(id)}${dollar}{more}">x</a>\``,
    /href is not exactly one call of address/,
  ],
  ['html`<a href="https://elsewhere.example">x</a>`', /without address/],
  ['html`<p onclick="x()"></p>`', /handler/],
  ['html`<p style="color: red"></p>`', /style/],
  ['html`<script>1</script>`', /script/],
  ['html`<form method="post"></form>`', /without postForm/],
  [`const a = '<b>' + name`, /HTML in a string/],
  [`const a = \`<b>${dollar}{name}</b>\``, /without the tag html/],
  [`import { raw } from 'hono/html'`, /only page\.ts may/],
  ['element.innerHTML = a', /innerHTML/],
] as const) {
  test(`a page must not say: ${source}`, () => {
    assert.match(pageProblems('src/console/x.ts', source).join('\n'), problem)
  })
}

for (const source of [
  `html\`<p class="a ${dollar}{b}">${dollar}{c}</p><a href="#content">x</a>\``,
  `html\`<a href="${dollar}{address('/x', { q })}"${dollar}{isHere ? html\` aria-current="page"\` : ''}>x = y</a>\``,
  `const a = b < c && d > e`,
  `const sentence = '3 < 4'`,
]) {
  test(`a page may say: ${source}`, () => {
    assert.deepEqual(pageProblems('src/console/x.ts', source), [])
  })
}
