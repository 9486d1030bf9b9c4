import { readFileSync } from 'node:fs'
import {
  BRAND,
  CODE,
  joinSpeech,
  type PreviewedLanguage,
  type PreviewedMessage,
  SAMPLE_CODE,
  type SpeechPiece,
} from '../../advice/preview-messages.ts'
import type { CodeEnding } from '../../core/message/code-ending.ts'
import { gsmAlphabet } from '../../core/message/message-parts.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import { printableLines } from '../../core/values/printable.ts'

/** One self-contained page: phones with the texts and calls of each language. */
export function previewPage(
  languages: readonly PreviewedLanguage[],
  { brand, ending, partsMax }: Pick<PlanRules, 'brand' | 'ending' | 'partsMax'>,
  audio: ReadonlyMap<PreviewedMessage, string>,
): string {
  const purposes = [...new Set(languages.flatMap(({ messages }) => messages.map(({ purpose }) => purpose)))]
  const options = purposes.map(
    purpose => `<option value="${escapeHtml(purpose)}">${titleOf(purpose)}</option>`,
  )
  const settings = { ending: endingLine(ending), isApp: ending?.kind === 'app', partsMax, gsm: gsmAlphabet }
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
<h1>Messages of <span class="brand">${escapeHtml(brand)}</span></h1>
<p>As they arrive on a phone, in ${languages.length} ${languages.length === 1 ? 'language' : 'languages'}. The code is a sample, and durations of calls are estimates.</p>
<form role="search">
<label>Language <input type="search" id="language" placeholder="Name or tag, such as es" autocomplete="off"></label>
<label>Purpose <select id="purpose"><option value="">All purposes</option>${options.join('')}</select></label>
<label>Channel <select id="channel"><option value="">Texts and calls</option><option value="sms">Texts</option><option value="voice">Calls</option></select></label>
<label>Brand <input id="brand" maxlength="20" value="${escapeHtml(brand)}" autocomplete="off"></label>
<label>Digits of the code <input id="digits" type="number" min="4" max="10" value="${SAMPLE_CODE.length}"></label>
<label>Length <select id="form"><option value="">As sent</option><option value="full">Full form</option><option value="short">Short form</option></select></label>
<output id="count"></output>
</form>
</header>
<main>
${languages.map(language => section(language, brand, audio)).join('\n')}
<p id="no-match" hidden>No language matches.</p>
</main>
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
<script>
${read('./preview-filter.js')}</script>
</body>
</html>
`
}

/** With `CODE` in place of the code: the page's script fills it in. */
function endingLine(ending: CodeEnding | undefined): string {
  if (ending === undefined) return ''
  return ending.kind === 'app' ? ending.appHash : `@${ending.domain} #${CODE}`
}

function section(
  { locale, ownName, englishName, direction, messages, fallback }: PreviewedLanguage,
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
  return `<section data-names="${escapeHtml(`${locale} ${ownName} ${englishName}`.toLowerCase().replace(/[()（）]/g, ' '))}">
<h2><bdi lang="${locale}">${own}</bdi>${isTwice ? '' : ` <span>${escapeHtml(englishName)}</span>`} <code>${locale}</code></h2>
<div class="phones">${phones.join('')}${instead(fallback, brand)}</div>
</section>`
}

/** The call that users get in a language without calls. */
function instead(fallback: PreviewedLanguage['fallback'], brand: string): string {
  if (fallback === undefined || fallback.call.channel !== 'voice') return ''
  const { call, locale, language } = fallback
  const title = `This language has no call. Users are called in ${language}, by ${call.voiceId}:`
  return `<article class="phone voice instead" data-channel="voice">
<p class="no-call">${escapeHtml(title)}</p>
${bar('voice', brand)}
<div class="message">
<h3>${titleOf(call.purpose)}</h3>
${content(call, `lang="${locale}" dir="auto"`, undefined)}
</div>
</article>`
}

function phone(
  channel: 'sms' | 'voice',
  messages: readonly PreviewedMessage[],
  brand: string,
  locale: string,
  direction: string,
  audio: ReadonlyMap<PreviewedMessage, string>,
): string {
  const body = messages.map(message => item(message, locale, direction, audio.get(message)))
  return `<article class="phone ${channel}" data-channel="${channel}">
${bar(channel, brand)}
${body.join('\n')}
</article>`
}

function bar(channel: 'sms' | 'voice', brand: string): string {
  const initial = escapeHtml([...brand][0] ?? '')
  return `<div class="bar"><span class="avatar" aria-hidden="true">${initial}</span><bdi class="brand">${escapeHtml(brand)}</bdi><span class="kind">${channel === 'sms' ? 'text' : 'call'}</span></div>`
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

/** Each form. The page's script shows the one that is sent, or the chosen one. Without scripts, all are shown. */
function content(message: PreviewedMessage, where: string, file: string | undefined): string {
  switch (message.channel) {
    case 'none':
      return `<p class="facts">${escapeHtml(message.why)}</p>`
    case 'sms': {
      const forms = message.forms.map(
        (form, index) =>
          `<p class="bubble" data-form="${FORMS[index]}" ${where}>${withValues(form)}<span class="ending"></span></p>`,
      )
      return `<p class="lock" ${where}></p>${forms.join('')}<p class="facts"></p>`
    }
    case 'voice': {
      const player =
        file === undefined
          ? ''
          : `<audio controls preload="none" src="${escapeHtml(encodeURIComponent(file))}"></audio>`
      const forms = message.forms.map(
        ({ speech, seconds }, index) =>
          `<p class="speech" data-form="${FORMS[index]}" data-seconds="${seconds.join()}" ${where}>${joinSpeech(speech, showPiece)}</p>`,
      )
      return `${forms.join('')}${player}<p class="facts" data-voice="${escapeHtml(message.voiceId)}"></p>`
    }
  }
}

/** Short pauses between digits are shown as dots, longer ones with their seconds. */
function showPiece(piece: SpeechPiece): string {
  switch (piece.kind) {
    case 'words':
      return `<span>${withValues(piece.words)}</span>`
    case 'digits':
      return '<bdi class="digits" dir="ltr"></bdi>'
    case 'pause':
      return `<bdi class="pause" dir="ltr">${piece.seconds} s</bdi>`
  }
}

/** The page's script fills in code and brand, without isolating their direction, as on a phone. */
function withValues(text: string): string {
  return escapeHtml(text)
    .replaceAll(CODE, `<span class="code">${SAMPLE_CODE}</span>`)
    .replaceAll(BRAND, '<span class="brand"></span>')
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

const FORMS = ['full', 'short']
const TITLES: Readonly<Record<string, string | undefined>> = {
  any: 'Any purpose',
  'pre-enrollment': 'Adding a phone',
  'mfa-verification': 'Signing in',
  'account-unlock': 'Unlocking an account',
  'password-reset': 'Resetting a password',
}
