import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import { allShippedTexts, templateText } from '../../test/fixtures/planning.ts'
import type { TemplateText } from '../core/message/template.ts'
import { createSpeech } from './speech.ts'

const by = (author: string) => ({ author, at: NOON - 3_600_000 })
const DE = { channel: 'sms', locale: 'de', purpose: 'any' } as const
const PATH = '/templates/sms/de/any'

async function withTemplates(
  templates: readonly TemplateText[],
  options: Parameters<typeof consoleWith>[0] = {},
) {
  const world = consoleWith(options)
  await world.store.saveTemplates(templates, by('Hookline'))
  return world
}
const german = (text: string, changed: Partial<TemplateText> = {}) =>
  templateText({ ...DE, text, ...changed })
/** The fields of the first form of a page. */
const fieldsIn = (page: string): Record<string, string> => ({
  text: decode(/name="text"[^>]*>\n([^<]*)</.exec(page)?.[1] ?? ''),
  short: decode(/name="short"[^>]*>\n([^<]*)</.exec(page)?.[1] ?? ''),
  replaces: /name="replaces" value="(\d+)"/.exec(page)?.[1] ?? '',
})
const decode = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

describe('the screen of templates', () => {
  it('shows what each language gets, and where it has gaps', async () => {
    const { get } = await withTemplates([german('{code} ist Ihr Code'), templateText({ locale: 'en' })])
    const { text } = await get('/templates')
    assert.match(
      text,
      /<a href="\/templates\/sms\/de\/any" class="good" aria-label="Text, signing in, German: own">own<\/a>/,
    )
    assert.match(text, /aria-label="Call, signing in, German: /)
    assert.match(text, /<h2>Gaps<\/h2>/)
    assert.match(text, /<code>hookline coverage<\/code>/)
  })

  it('says what to do while there are none', async () => {
    assert.match((await consoleWith().get('/templates')).text, /hookline doctor --fix adds the shipped ones/)
  })

  it('opens a template by its name, in any spelling of the language', async () => {
    const { get } = consoleWith()
    const { status, headers } = await get('/templates/open?channel=voice&locale=pt_br&purpose=password-reset')
    assert.deepEqual([status, headers.location], [303, '/templates/voice/pt-BR/password-reset'])
  })

  for (const path of [
    '/templates/fax/de/any',
    '/templates/sms/%3Cscript%3E/any',
    '/templates/sms/de/constructor',
    '/templates/open?locale=de',
  ])
    it(`has no template at ${path}`, async () => {
      const { status, text } = await consoleWith().get(path)
      assert.equal(status, 404)
      assert.match(text, /There is no such template/)
      assert.doesNotMatch(text, /<script>/)
    })
})

describe('the editor of a template', () => {
  it('shows both lengths on a phone, with parts and encoding, and each shipped one without errors', async () => {
    const { get } = await withTemplates(allShippedTexts)
    for (const { channel, locale, purpose } of allShippedTexts) {
      if (purpose !== 'any') continue
      const { status, text } = await get(`/templates/${channel}/${locale}/${purpose}`)
      assert.equal(status, 200, locale)
      assert.doesNotMatch(text, /class="bad">\d/, locale)
      assert.match(
        text,
        channel === 'sms' ? /\d parts?, (GSM-7|UCS-2), \d+ characters/ : /Spoken by [A-Z]\w+, about \d+ s/i,
      )
    }
    const arabic = (await get('/templates/sms/ar/any')).text
    if (allShippedTexts.some(({ locale }) => locale === 'ar')) assert.match(arabic, /lang="ar" dir="rtl"/)
  })

  it('checks what was written, and saves nothing', async () => {
    const { store, get, post } = await withTemplates([german('{code} ist Ihr Code')])
    const { replaces = '' } = fieldsIn((await get(PATH)).text)
    const wrong = (await post(`${PATH}/check`, { text: 'Ihr Code', replaces })).text
    assert.match(wrong, /class="bad">1 error, 0 warnings/)
    assert.equal(fieldsIn(wrong).text, 'Ihr Code')
    const long = (await post(`${PATH}/check`, { text: `{code} ${'ist Ihr Code. '.repeat(20)}`, replaces }))
      .text
    assert.match(long, /[2-9] parts, GSM-7/)
    const changed = (await post(`${PATH}/check`, { text: '{code} lautet Ihr Code', replaces })).text
    assert.match(changed, /<del>ist<\/del><ins>lautet<\/ins>/)
    assert.equal((await store.readTemplateVersions(DE)).length, 1)
  })

  it('saves what was written as the next version, with author and reason', async () => {
    const { store, get, post } = await withTemplates([german('{code} ist Ihr Code')])
    const { replaces = '' } = fieldsIn((await get(PATH)).text)
    const { status, headers } = await post(`${PATH}/save`, {
      text: 'Code:\r\n{code}',
      short: '',
      replaces,
      because: ' ticket\n 7 ',
    })
    assert.deepEqual([status, headers.location], [303, `${PATH}?saved=2`])
    const [newest] = await store.readTemplateVersions(DE)
    assert.deepEqual([newest?.text, newest?.author, newest?.version], ['Code:\n{code}', 'casey', 2])
    assert.equal((await store.listChanges({ limit: 1 }))[0]?.because, 'ticket 7')
    assert.match((await get(headers.location ?? '')).text, /Version 2 is saved, and live within a second/)
  })

  it('saves nothing with an error, nor what is in force already', async () => {
    const { store, post } = await withTemplates([german('{code} ist Ihr Code')])
    assert.match(
      (await post(`${PATH}/save`, { text: 'Ihr Code', replaces: '1' })).text,
      /Nothing was saved\. What is wrong is shown below/,
    )
    assert.match(
      (await post(`${PATH}/save`, { text: '{code} ist Ihr Code', replaces: '1' })).text,
      /Nothing was saved: this is what is in force/,
    )
    assert.equal((await store.readTemplateVersions(DE)).length, 1)
  })

  it('never lets two editors overwrite each other: the second sees both texts, and may then save', async () => {
    const { store, get, post } = await withTemplates([german('{code} ist Ihr Code')])
    const { replaces = '' } = fieldsIn((await get(PATH)).text)
    await post(`${PATH}/save`, { text: 'Der Code ist {code}', replaces })
    const { status, text } = await post(`${PATH}/save`, { text: 'Ihr Code lautet {code}', replaces })
    assert.equal(status, 200)
    assert.match(text, /Somebody else saved this template in the meantime/)
    assert.match(text, /You started from version 1; version 2 by casey is in force/)
    assert.match(text, /role="alert"[\s\S]*Der Code ist \{code\}/)
    assert.deepEqual(fieldsIn(text), { text: 'Ihr Code lautet {code}', short: '', replaces: '2' })
    assert.equal((await store.readTemplateVersions(DE)).length, 2)
    assert.equal((await post(`${PATH}/save`, { ...fieldsIn(text) })).status, 303)
    assert.equal((await store.readTemplateVersions(DE))[0]?.text, 'Ihr Code lautet {code}')
  })

  it('adds a template where there is none, and does not replace one that came meanwhile', async () => {
    const { store, get, post } = consoleWith()
    const page = (await get('/templates/sms/fr/any')).text
    assert.equal(fieldsIn(page).replaces, '0')
    assert.match(page, /Save as a new template/)
    await store.saveTemplates([templateText({ locale: 'fr', text: 'Code : {code}' })], by('faster'))
    const { text } = await post('/templates/sms/fr/any/save', { text: 'Votre code : {code}', replaces: '0' })
    assert.match(text, /You started from no version; version 1 by faster is in force/)
  })

  it('asks for the registration of a new text that is sent to India', async () => {
    const { store, post } = await withTemplates([
      german('{code} ist Ihr Code', { indiaTemplateId: '1107160000000000001' }),
    ])
    const fields = { text: '{code} lautet Ihr Code', replaces: '1' }
    const stale = await post(`${PATH}/save`, { ...fields, indiaTemplateId: '1107160000000000001' })
    assert.match(
      stale.text,
      /registered in India as 1107160000000000001\. Give the registration of the new text, or none/,
    )
    assert.equal((await post(`${PATH}/save`, { ...fields, indiaTemplateId: '' })).status, 303)
    assert.equal((await store.readTemplateVersions(DE))[0]?.indiaTemplateId, undefined)
  })

  it('shows the history with what each version changed, and returns to an older one', async () => {
    const { store, get, post } = await withTemplates([german('{code} ist Ihr Code')])
    await store.saveTemplates([german('{code} lautet Ihr Code')], by('ben'))
    const { text } = await get(`${PATH}/history`)
    assert.match(text, /Version 2 · in force/)
    assert.match(text, /saved by ben at/)
    assert.match(text, /<del>ist<\/del><ins>lautet<\/ins>/)
    assert.match(text, /<code>hookline templates rollback sms\/de\/any --to 1<\/code>/)
    const { status } = await post(`${PATH}/rollback`, { to: '1', replaces: '2', because: 'a mistake' })
    assert.equal(status, 303)
    const [newest] = await store.readTemplateVersions(DE)
    assert.deepEqual([newest?.text, newest?.version], ['{code} ist Ihr Code', 3])
    assert.match((await post(`${PATH}/rollback`, { to: '99', replaces: '3' })).text, /no longer kept/)
    const late = (await post(`${PATH}/rollback`, { to: '2', replaces: '2' })).text
    assert.match(late, /Somebody else saved this template in the meantime/)
    assert.equal((await store.readTemplateVersions(DE)).length, 3)
  })

  it('lets a call be heard, and only what was offered', async () => {
    const spoken: string[] = []
    const speech = createSpeech(async (ssml, voiceId) => {
      spoken.push(`${voiceId} ${ssml}`)
      return { kind: 'spoken', wav: new TextEncoder().encode('RIFF') }
    })
    const call = templateText({
      channel: 'voice',
      locale: 'de',
      text: '<speak>Ihr Code: {code}. {code}</speak>',
      voiceId: '',
    })
    const { get, post } = await withTemplates([call], { speech })
    const { text } = await get('/templates/voice/de/any')
    const address = /<audio[^>]* src="([^"]+)"/.exec(text)?.[1] ?? ''
    assert.deepEqual(spoken, [], 'nothing is spoken before somebody listens')
    const heard = await get(address)
    assert.deepEqual([heard.status, heard.headers['content-type'], heard.text], [200, 'audio/wav', 'RIFF'])
    assert.match(heard.headers['content-disposition'] ?? '', /^inline/)
    assert.match(spoken[0] ?? '', /^VICKI <speak>Ihr Code: 4/)
    const draft = await post('/templates/voice/de/any/check', {
      text: '<speak>Neu: {code}. {code}</speak>',
      replaces: '1',
    })
    assert.notEqual(/<audio[^>]* src="([^"]+)"/.exec(draft.text)?.[1], address)
    assert.equal((await get('/templates/audio/unknown')).status, 404)
  })

  it("sends the version in force to AWS's simulator, or to a number that is confirmed", async () => {
    const sent: string[] = []
    const world = await withTemplates([german('{code} ist Ihr Code')], {
      sendOnce: async ({ destination, message }) => {
        sent.push(`${destination.e164.reveal()} ${message.body.reveal()}`)
        return { kind: 'accepted', messageId: 'message-1' }
      },
    })
    const { store, get, post } = world
    const route = { channel: 'sms', candidates: [{ identity: 'Acme' }] } as const
    await store.saveRoutes([{ ...route, country: 'GB' }], by('a test'))
    assert.match((await get(PATH)).text, /<option value="US" selected>United States<\/option>/)
    const simulated = (await post(`${PATH}/send`, { simulator: 'GB', number: '' })).text
    assert.match(simulated, /From Acme to the number that ends in 66: AWS accepted it as message message-1/)
    const asked = (await post(`${PATH}/send`, { number: '+447400123456' })).text
    assert.match(asked, /Nothing was sent: confirm that this number may get a real message/)
    assert.equal(sent.length, 1)
    const confirmed = (await post(`${PATH}/send`, { number: '+447400123456', confirmed: 'yes' })).text
    assert.match(confirmed, /to the number that ends in 56/)
    assert.doesNotMatch(confirmed, /7400123456/)
    assert.deepEqual(sent, ['+447860019066 493817 ist Ihr Code', '+447400123456 493817 ist Ihr Code'])
    for (const fields of [
      { simulator: 'US' },
      { simulator: 'DE' },
      { number: '<script>', confirmed: 'yes' },
      {},
    ] as Record<string, string>[]) {
      const { text } = await post(`${PATH}/send`, fields)
      assert.match(text, /Nothing was sent/)
      assert.doesNotMatch(text, /<script>/)
    }
    assert.equal(sent.length, 2)
  })

  it('changes nothing in a read-only console, and still checks', async () => {
    const { store, get, post } = await withTemplates([german('{code} ist Ihr Code')], { isReadOnly: true })
    assert.match((await get(PATH)).text, /<button type="submit" disabled>Save over version 1<\/button>/)
    assert.equal((await post(`${PATH}/check`, { text: '{code}', replaces: '1' })).status, 200)
    for (const path of ['save', 'rollback', 'send'])
      assert.equal((await post(`${PATH}/${path}`, { text: 'x {code}', to: '1', replaces: '1' })).status, 403)
    assert.equal((await store.readTemplateVersions(DE)).length, 1)
  })

  it('shows markup and control characters of a stored text as text, and gives the field the text itself', async () => {
    const evil = '</textarea><script>alert("{code}")</script>\u202e'
    const { get, post } = await withTemplates([german(evil, { short: `\n<b>{code}` })])
    const { text } = await get(PATH)
    assert.doesNotMatch(text, /<script>|<b>/)
    assert.equal(fieldsIn(text).text, evil)
    assert.equal(fieldsIn(text).short, '\n<b>{code}')
    const history = (await get(`${PATH}/history`)).text
    assert.doesNotMatch(history, /<script>|\u202e/)
    const conflict = (await post(`${PATH}/save`, { text: `${evil} {code}`, because: evil, replaces: '7' }))
      .text
    assert.doesNotMatch(conflict, /<script>/)
  })
})
