import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodingOf } from './encoding.ts'

// Limits and alphabets: 3GPP TS 23.038 §6.2.1 (default alphabet and extension table) and TS 23.040 §9.2.3.24 (joined parts).
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'

const VECTORS: readonly [
  what: string,
  text: string,
  encoding: 'GSM-7' | 'UCS-2',
  parts: number,
  units: number,
][] = [
  ['a short text', 'Your code is 123456', 'GSM-7', 1, 19],
  ['160 septets', 'a'.repeat(160), 'GSM-7', 1, 160],
  ['161 septets', 'a'.repeat(161), 'GSM-7', 2, 161],
  ['306 septets', 'a'.repeat(306), 'GSM-7', 2, 306],
  ['307 septets', 'a'.repeat(307), 'GSM-7', 3, 307],
  ['1530 septets', 'a'.repeat(1530), 'GSM-7', 10, 1530],
  ['every character of the default alphabet', DEFAULT_ALPHABET, 'GSM-7', 1, 127],
  ['extension characters, which count two', '^{}\\[~]|€\f', 'GSM-7', 1, 20],
  ['80 euro signs', '€'.repeat(80), 'GSM-7', 1, 160],
  ['81 euro signs', '€'.repeat(81), 'GSM-7', 2, 162],
  [
    'an escaped character that would be cut by the end of a part',
    `${'a'.repeat(152)}€${'a'.repeat(152)}`,
    'GSM-7',
    3,
    306,
  ],
  ['one ó, which GSM does not have', 'Tu código es 123456', 'UCS-2', 1, 19],
  ['a lower-case ç, which GSM does not have', 'ç', 'UCS-2', 1, 1],
  ['a grave accent, which GSM does not have', '`', 'UCS-2', 1, 1],
  ['70 units', 'ы'.repeat(70), 'UCS-2', 1, 70],
  ['71 units', 'ы'.repeat(71), 'UCS-2', 2, 71],
  ['134 units', 'ы'.repeat(134), 'UCS-2', 2, 134],
  ['135 units', 'ы'.repeat(135), 'UCS-2', 3, 135],
  ['35 emoji of two units', '😀'.repeat(35), 'UCS-2', 1, 70],
  ['66 emoji: 33 a part, because none is split', '😀'.repeat(66), 'UCS-2', 2, 132],
  ['67 emoji', '😀'.repeat(67), 'UCS-2', 3, 134],
]

for (const [what, text, encoding, parts, units] of VECTORS) {
  test(`counts ${what}: ${encoding}, ${parts} ${parts === 1 ? 'part' : 'parts'}`, () => {
    assert.deepEqual(encodingOf(text), { encoding, parts, units })
  })
}
