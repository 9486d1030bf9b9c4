import { readFileSync } from 'node:fs'
import { printableLines } from '../../core/values/printable.ts'
import {
  joinSaid,
  type PreviewedLanguage,
  type PreviewedMessage,
  SAMPLE_CODE,
  type Said,
} from './preview-messages.ts'

/** One page that needs nothing else: phones with their texts and calls, language by language. */
export function previewPage(
  languages: readonly PreviewedLanguage[],
  brand: string,
  audio: ReadonlyMap<PreviewedMessage, string>,
): string {
  const purposes = [...new Set(languages.flatMap(({ messages }) => messages.map(({ purpose }) => purpose)))]
  const options = purposes.map(
    purpose => `<option value="${escapeHtml(purpose)}">${titleOf(purpose)}</option>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src 'self' file:">
<title>Messages of ${escapeHtml(brand)}</title>
<style>
${read('./preview-page.css')}</style>
</head>
<body>
<header>
<h1>Messages of ${escapeHtml(brand)}</h1>
<p>As they arrive on a phone, in ${languages.length} ${languages.length === 1 ? 'language' : 'languages'}. The code is made up; spoken seconds are estimates.</p>
<form role="search">
<label>Language <input type="search" id="language" placeholder="Name or tag, such as es" autocomplete="off"></label>
<label>Purpose <select id="purpose"><option value="">All purposes</option>${options.join('')}</select></label>
<label>Channel <select id="channel"><option value="">Texts and calls</option><option value="sms">Texts</option><option value="voice">Calls</option></select></label>
<output id="count"></output>
</form>
</header>
<main>
${languages.map(language => section(language, brand, audio)).join('\n')}
<p id="nothing" hidden>No language has this name.</p>
</main>
<script>
${read('./preview-filter.js')}</script>
</body>
</html>
`
}

function section(
  { locale, ownName, englishName, direction, messages }: PreviewedLanguage,
  brand: string,
  audio: ReadonlyMap<PreviewedMessage, string>,
): string {
  const own = escapeHtml(ownName)
  const isTwice = ownName === englishName
  const phones = (['sms', 'voice'] as const).flatMap(channel => {
    const shown = messages.filter(
      message => message.channel === channel || (channel === 'sms' && message.channel === 'none'),
    )
    return shown.length === 0 ? [] : [phone(channel, shown, brand, locale, direction, audio)]
  })
  const noCall = messages.some(({ channel }) => channel === 'voice')
    ? ''
    : '<p class="no-call" data-channel="voice">No call: AWS has no voice for it, or none is written.</p>'
  return `<section data-names="${escapeHtml(`${locale} ${ownName} ${englishName}`.toLowerCase().replace(/[()（）]/g, ' '))}">
<h2><bdi lang="${locale}">${own}</bdi>${isTwice ? '' : ` <span>${escapeHtml(englishName)}</span>`} <code>${locale}</code></h2>
<div class="phones">${phones.join('')}${noCall}</div>
</section>`
}

function phone(
  channel: 'sms' | 'voice',
  messages: readonly PreviewedMessage[],
  brand: string,
  locale: string,
  direction: string,
  audio: ReadonlyMap<PreviewedMessage, string>,
): string {
  const initial = escapeHtml([...brand][0] ?? '')
  const body = messages.map(message => item(message, locale, direction, audio.get(message)))
  return `<article class="phone ${channel}" data-channel="${channel}">
<div class="bar"><span class="avatar" aria-hidden="true">${initial}</span><bdi>${escapeHtml(brand)}</bdi><span class="kind">${channel === 'sms' ? 'text' : 'call'}</span></div>
${body.join('\n')}
</article>`
}

function item(
  message: PreviewedMessage,
  locale: string,
  direction: string,
  file: string | undefined,
): string {
  const where = `lang="${locale}" dir="${direction}"`
  return `<div class="message" data-purpose="${escapeHtml(message.purpose)}">
<h3>${titleOf(message.purpose)}</h3>
${content(message, where, file)}
</div>`
}

function content(message: PreviewedMessage, where: string, file: string | undefined): string {
  if (message.channel === 'none') return `<p class="facts">${escapeHtml(message.why)}</p>`
  if (message.channel === 'sms') {
    const { parts, encoding, length, body } = message
    const facts = `${parts} ${parts === 1 ? 'part' : 'parts'} · ${encoding} · ${length} of ${ROOM[encoding][parts === 1 ? 0 : 1] * parts}`
    return `<p class="bubble" ${where}>${isolateCode(body)}</p><p class="facts${parts > 1 ? ' dear' : ''}">${facts}</p>`
  }
  const player =
    file === undefined
      ? ''
      : `<audio controls preload="none" src="${escapeHtml(encodeURIComponent(file))}"></audio>`
  return `<p class="speech" ${where}>${joinSaid(message.said, piece)}</p>${player}<p class="facts">${escapeHtml(message.voiceId)} · about ${Math.round(message.seconds)} s</p>`
}

/** Between digits a dot is pause enough to see; longer ones say how long. */
function piece(said: Said): string {
  switch (said.kind) {
    case 'words':
      return `<span>${escapeHtml(said.words)}</span>`
    case 'digits':
      return `<bdi class="digits" dir="ltr">${[...said.digits].join('<i></i>')}</bdi>`
    case 'pause':
      return `<bdi class="pause" dir="ltr">${said.seconds} s</bdi>`
  }
}

/** Digits inside a text from the right keep their own order. */
function isolateCode(body: string): string {
  return body.split(SAMPLE_CODE).map(escapeHtml).join(`<bdi class="code">${SAMPLE_CODE}</bdi>`)
}

function titleOf(purpose: string): string {
  return TITLES[purpose] ?? purpose
}

function escapeHtml(text: string): string {
  return printableLines(text).replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

const ROOM = { 'GSM-7': [160, 153], 'UCS-2': [70, 67] } as const
const TITLES: Readonly<Record<string, string | undefined>> = {
  any: 'Any purpose',
  'pre-enrollment': 'Adding a phone',
  'mfa-verification': 'Signing in',
  'account-unlock': 'Unlocking an account',
  'password-reset': 'Resetting a password',
}
