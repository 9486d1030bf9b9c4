import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ssmlPieces } from './ssml-pieces.ts'

const textOf = (ssml: string): string | undefined =>
  ssmlPieces(ssml)
    ?.map(piece => (piece.kind === 'text' ? piece.text : ''))
    .join('')

describe('the pieces of SSML', () => {
  it('have their entities resolved, by name and by number', () => {
    assert.equal(textOf('<speak>a &amp; b &lt; c</speak>'), 'a & b < c')
    assert.equal(textOf('<speak>caf&#233; &#xE9;</speak>'), 'café é')
  })

  it('are none where it is not well-formed, or a name would reach the prototype', () => {
    assert.equal(ssmlPieces('<speak>a<p>b</speak>'), undefined)
    assert.equal(ssmlPieces('<speak><constructor/></speak>'), undefined)
  })
})
