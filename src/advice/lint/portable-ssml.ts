type AttributeRule = { readonly pattern: RegExp; readonly expected: string }
type ElementRules = Readonly<Record<string, AttributeRule | undefined>>

/**
 * What every voice of AWS End User Messaging speaks, by element and attribute. Its voices are Amazon Polly's, standard and neural, and a
 * tag that one of them does not know is an error. Source: Amazon Polly, "Supported SSML tags"
 * (https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html): all of these are full on both; `prosody` has no `pitch` and `say-as`
 * not every kind on neural voices. Not in it, because neural voices lack them: `emphasis`, `amazon:auto-breaths`,
 * `prosody amazon:max-duration`, and the effects but `drc`; and `amazon:domain`, which standard voices lack.
 */
export const portableSsml: Readonly<Record<string, ElementRules | undefined>> = {
  __proto__: null as never,
  speak: {},
  break: {
    time: {
      pattern: /^(?:10(?:\.0+)?s|(?:\d(?:\.\d+)?|\.\d+)s|(?:10000|\d{1,4})ms)$/,
      expected: 'up to 10 seconds, such as 600ms or 1s',
    },
    strength: {
      pattern: /^(?:none|x-weak|weak|medium|strong|x-strong)$/,
      expected: 'none, x-weak, weak, medium, strong or x-strong',
    },
  },
  p: {},
  s: {},
  prosody: {
    rate: {
      pattern: /^(?:x-slow|slow|medium|fast|x-fast|(?:[2-9]\d|1\d\d|200)%)$/,
      expected: 'x-slow, slow, medium, fast, x-fast, or 20% to 200%',
    },
    volume: {
      pattern: /^(?:silent|x-soft|soft|medium|loud|x-loud|[+-]\d+(?:\.\d+)?dB)$/,
      expected: 'silent, x-soft, soft, medium, loud, x-loud, or decibels such as +6dB',
    },
  },
  lang: {
    'xml:lang': {
      pattern: /^(?:arb|[a-z]{2,3}-[A-Z]{2}(?:-[A-Z]{3})?)$/,
      expected: 'a language with its region, such as en-US',
    },
  },
  mark: { name: { pattern: /./, expected: 'a name' } },
  phoneme: {
    alphabet: { pattern: /^(?:ipa|x-sampa)$/, expected: 'ipa or x-sampa' },
    ph: { pattern: /./, expected: 'the sounds' },
  },
  sub: { alias: { pattern: /./, expected: 'what is spoken instead' } },
  w: {
    role: {
      pattern: /^amazon:(?:VB|VBD|DT|IN|JJ|NN|DEFAULT|SENSE_1)$/,
      expected:
        'amazon:VB, amazon:VBD, amazon:DT, amazon:IN, amazon:JJ, amazon:NN, amazon:DEFAULT or amazon:SENSE_1',
    },
  },
  'amazon:effect': { name: { pattern: /^drc$/, expected: 'drc, the one effect of all voices' } },
  'say-as': {
    'interpret-as': {
      pattern: /^(?:characters|spell-out|cardinal|number|ordinal|digits|fraction|unit|date|time|telephone)$/,
      expected:
        'characters, spell-out, cardinal, number, ordinal, digits, fraction, unit, date, time or telephone',
    },
    format: { pattern: /^[dmy]{1,3}$|^\d+$/, expected: 'the order of a date, such as dmy' },
  },
}
