import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { argumentsOf, prepareAnyTemplate } from '../../src/core/message/icu-template.ts'
import { type Message, spokenDigits, writeMessage } from '../../src/core/message/message.ts'
import { measureText } from '../../src/core/message/message-parts.ts'
import { spokenSeconds } from '../../src/core/message/spoken-seconds.ts'
import { fillIn, type Template, type TemplateText } from '../../src/core/message/template.ts'
import { chooseTemplate, type TemplateRules, writeChosen } from '../../src/core/plan/choose-template.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { isRefusal } from '../../src/core/values/reasons.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { voiceFor } from '../../src/core/values/voices.ts'
import { endings, type Input, inputs, requestOf, valuesOf } from '../fixtures/anything-given.ts'
import { allShippedTexts, NOW, planRules, policyOf } from '../fixtures/planning.ts'

const PAUSES = /<break time="(?:250|600)ms"\/>/g
/** Each template as it is, which is sent in the form that there is room for, and each of its forms alone. */
const whole = allShippedTexts.map(prepareAnyTemplate)
const shipped = allShippedTexts.flatMap(({ short = '', ...template }) =>
  [template.text, short].map(text => prepareAnyTemplate({ ...template, text })),
)
/** Every template in each run: the values are what changes. */
function forEachTemplate(
  templates: readonly Template[],
  judge: (template: Template, all: Input, message: Message) => void,
  numRuns: number,
): void {
  fc.assert(
    fc.property(inputs, endings, fc.integer({ min: 1, max: 3 }), (all, ending, partsMax) => {
      for (const template of templates) {
        const voiceId = template.voiceId || (voiceFor(template.locale) ?? '')
        const message = writeMessage(template, valuesOf(all), { ending, partsMax, voiceId })
        assert.ok(message !== undefined, `${nameOf(template)} is longer than the carrier accepts`)
        judge(template, all, message)
      }
    }),
    { numRuns },
  )
}

describe('every shipped template, whatever its values,', () => {
  it('is there, in both of its forms', () => {
    assert.equal(shipped.length, 710)
  })

  it('as a text has the code as often as it says, and once more only in its last line', () => {
    forEachTemplate(
      ofChannel('sms'),
      (template, { code }, message) => {
        const [words, line] = parted(message.body.reveal(), code)
        assert.equal(countOf(words, code), timesOfCode(template), words)
        assert.ok(line === undefined || line === `@login.example.com #${code}` || line === 'FA+9qCX9VSu')
      },
      15,
    )
  })

  it('as a call says the digits in order, each by itself, as often as it says', () => {
    forEachTemplate(
      ofChannel('voice'),
      (template, { code }, message) => {
        const ssml = message.body.reveal()
        assert.equal(ssml.split(spokenDigits(code)).length - 1, timesOfCode(template))
        // Without them, nothing remains that could sound like a code.
        const rest = ssml.replaceAll(spokenDigits(code), '').replaceAll(/<[^>]*>|&#\d+;/g, ' ')
        assert.doesNotMatch(rest, /\p{Nd}\s*\p{Nd}\s*\p{Nd}/u)
      },
      12,
    )
  })

  it('fits the limits of the carrier', () => {
    forEachTemplate(
      shipped,
      (_, __, message) => {
        const body = message.body.reveal()
        if (message.channel === 'voice') return assert.ok(body.length <= 6_000)
        const { encoding, parts, septetsOrUnits } = measureText(body)
        assert.deepEqual([message.encoding, message.parts], [encoding, parts])
        assert.ok(septetsOrUnits <= (encoding === 'GSM-7' ? 1_530 : 630))
      },
      12,
    )
  })

  it('as a call is SSML of the same elements as with the plainest values', () => {
    const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false })
    const shape = (ssml: string) => tagsOf(parser.parse(ssml)).join()
    const rules = { ending: undefined, partsMax: 1, voiceId: 'JOANNA' }
    forEachTemplate(
      ofChannel('voice'),
      (template, { code }, message) => {
        const ssml = message.body.reveal()
        assert.equal(XMLValidator.validate(ssml), true, ssml)
        assert.match(ssml, /^<speak>.*<\/speak>$/s)
        const plain = writeMessage(
          template,
          { code: new Secret(code), minutes: 1, brand: 'B', domain: '', firstName: '' },
          rules,
        )
        assert.equal(shape(ssml), shape(plain?.body.reveal() ?? ''))
        assert.doesNotMatch(message.channel === 'voice' ? message.voiceId : '', /^$/)
      },
      10,
    )
  })

  it('has no link, line or markup that its own words lack', () => {
    forEachTemplate(
      ofChannel('sms'),
      ({ text }, { code }, message) => {
        const [words] = parted(message.body.reveal(), code)
        const count = (pattern: RegExp) => [
          words.match(pattern)?.length ?? 0,
          text.match(pattern)?.length ?? 0,
        ]
        for (const pattern of [/[\n\r\u2028\u2029]/g, /[<>{}]/g, /:\/\/|www\./g, /[@#]/g]) {
          const [now, before] = count(pattern)
          assert.equal(now, pattern.source.startsWith('[<') ? 0 : before, words)
        }
        // "Inc." may come before a word where words are written without spaces: no phone knows such a domain.
        assert.doesNotMatch(
          words,
          /[\p{L}\p{N}]\.(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}])\p{L}/u,
          'a link to a phone',
        )
      },
      12,
    )
  })
})

describe('the form that is sent', () => {
  it('of a text takes no more parts than the short form, within the budget, and keeps code and last line', () => {
    fc.assert(
      fc.property(inputs, endings, fc.integer({ min: 1, max: 3 }), (all, ending, partsMax) => {
        for (const template of whole.filter(({ channel }) => channel === 'sms')) {
          const rules = { ending, partsMax, voiceId: '' }
          const message = writeMessage(template, valuesOf(all), rules)
          const short = writeMessage(prepareAnyTemplate(onlyShort(template)), valuesOf(all), rules)
          assert.ok(message?.channel === 'sms' && short?.channel === 'sms', nameOf(template))
          assert.ok(message.parts <= short.parts && short.parts <= Math.max(partsMax, 2), nameOf(template))
          const [words, line] = parted(message.body.reveal(), all.code)
          const [, shortLine] = parted(short.body.reveal(), all.code)
          assert.ok(line !== undefined || shortLine === undefined, 'the last line is not lost for more words')
          assert.equal(countOf(words, all.code), 1, words)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('of a call says the code three times while it speaks less than 30 seconds, else twice', () => {
    fc.assert(
      fc.property(inputs, all => {
        for (const template of allShippedTexts.filter(({ channel }) => channel === 'voice')) {
          // Prepared again, because its cache is for one brand, as in a deployment.
          const rules = { ending: undefined, partsMax: 1, voiceId: 'JOANNA' }
          const message = writeMessage(prepareAnyTemplate(template), valuesOf(all), rules)
          assert.ok(message !== undefined, nameOf(template))
          const ssml = message.body.reveal()
          const times = ssml.split(spokenDigits(all.code)).length - 1
          assert.equal(times, message.form === 'full' ? 3 : 2)
          if (times === 3) assert.ok(spokenSeconds(ssml) < 30, ssml)
        }
      }),
      { numRuns: 20 },
    )
  })
})

describe('a template that names everything, of any language,', () => {
  const everything = (channel: 'sms' | 'voice'): TemplateText => ({
    channel,
    locale: 'en',
    purpose: 'any',
    text:
      channel === 'sms'
        ? '{code}|{minutes}|{brand}|{domain}|{firstName}|'
        : '<speak>{code}|{minutes}|{brand}|{domain}|{firstName}|</speak>',
    voiceId: '',
    indiaTemplateId: undefined,
    version: 1,
  })

  it('takes nothing but plain words from a first name and a brand', () => {
    fc.assert(
      fc.property(inputs, all => {
        const body = fillIn(prepareAnyTemplate(everything('sms')), valuesOf(all))
        const [code, minutes, brand, domain, firstName = '', ...more] = body.split('|')
        assert.deepEqual([code, brand, domain, more], [all.code, all.brand, 'login.example.com', ['']])
        assert.ok(Number(minutes) >= 1 && Number(minutes) <= 60)
        assert.match(firstName, /^(?:\p{L}[\p{L}\p{M}'’-]{0,19})?$/u)
        for (const value of [brand ?? '', firstName]) {
          assert.doesNotMatch(value, /[\n\r<>{}@#/:]|\p{N}{3}|\.\p{L}/u)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('stays valid SSML', () => {
    const rules = { ending: undefined, partsMax: 1, voiceId: 'JOANNA' }
    const template = prepareAnyTemplate(everything('voice'))
    fc.assert(
      fc.property(inputs, all => {
        const ssml = writeMessage(template, valuesOf(all), rules)?.body.reveal() ?? ''
        assert.equal(XMLValidator.validate(ssml), true, ssml)
        const tags = ssml.replaceAll(PAUSES, '').match(/<[^>]*>/g)
        assert.deepEqual(tags, ['<speak>', '</speak>'])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the choice of a template, with all shipped templates,', () => {
  const policy: Policy = policyOf({ templates: allShippedTexts })
  it('has the code in it for any locale, channel and purpose, and never refuses', () => {
    const channels = fc.constantFrom('sms' as const, 'voice' as const)
    const purposes = fc.constantFrom(
      ...(['pre-enrollment', 'mfa-verification', 'account-unlock', 'password-reset', 'other'] as const),
    )
    fc.assert(
      fc.property(inputs, channels, purposes, endings, (all, channel, purpose, ending) => {
        const rules: TemplateRules = { ...planRules, brand: all.brand, ending, usesFirstName: true }
        const request = requestOf(all, { channel, purpose })
        const choice = chooseTemplate(request, policy, rules, undefined)
        assert.ok(!isRefusal(choice))
        const message = writeChosen(choice, request, rules, NOW)
        assert.ok(!isRefusal(message))
        const body = message.body.reveal()
        const spoken = channel === 'sms' ? all.code : spokenDigits(all.code)
        assert.ok(body.includes(spoken), body)
        const wanted = purpose === 'other' ? 'any' : purpose
        assert.ok(choice.kind === 'template' && choice.template.purpose === wanted)
      }),
      { numRuns: 2_000 },
    )
  })
})

function onlyShort({ short = '', ...template }: TemplateText): TemplateText {
  return { ...template, text: short }
}

function ofChannel(channel: 'sms' | 'voice'): readonly Template[] {
  return shipped.filter(template => template.channel === channel)
}

function timesOfCode({ text, locale }: Template): number {
  return argumentsOf(text, locale).filter(({ name }) => name === 'code').length
}

/** The words, and the last line that lets a phone fill in the code. */
function parted(body: string, code: string): readonly [words: string, line: string | undefined] {
  const [words = '', line] = body.split(/\n(?=@login\.example\.com #\d+$|FA\+9qCX9VSu$)/)
  assert.ok(line === undefined || line.startsWith('FA') || line.endsWith(` #${code}`))
  return [words, line]
}

/** As a number alone, not as a part of a longer one. */
function countOf(text: string, code: string): number {
  return [...text.matchAll(/\p{Nd}+/gu)].filter(([number]) => number === code).length
}

function tagsOf(nodes: unknown): readonly string[] {
  return (Array.isArray(nodes) ? nodes : []).flatMap(node =>
    Object.entries(node as object)
      .filter(([name]) => name !== '#text' && name !== ':@')
      .flatMap(([name, inner]) => [name, ...tagsOf(inner), `/${name}`]),
  )
}

function nameOf({ channel, locale, purpose }: TemplateText): string {
  return `${channel}/${locale}/${purpose}`
}
