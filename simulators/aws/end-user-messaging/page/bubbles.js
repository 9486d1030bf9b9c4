// How a message looks. Input from outside is set only as text, never as markup.
import { codeEntry } from './codes.js'
import { speak, spokenWords } from './speech.js'

/** A text message, as a bubble with its facts below. */
export function textBubble(message) {
  const bubble = make('article', 'text')
  bubble.dataset.testid = 'text-bubble'
  if (message.rcs) bubble.append(rcsSender(message))
  bubble.append(sender(message), textBody(message.body), ...entries(message, message.body))
  bubble.append(facts(message, sizeOf(message)))
  showStatus(bubble, message)
  return bubble
}

/** A call, as a card that can be played and read. */
export function callCard(message) {
  const words = spokenWords(message)
  const card = make('article', 'call')
  card.dataset.testid = 'call-card'
  const title = make('div', 'call-title')
  title.append(
    make('strong', '', 'Voice call'),
    make('span', '', `${voiceName(message)} · ${message.language}`),
  )
  const head = make('div', 'call-head')
  head.append(make('span', 'handset'), title, playButton(message, words))
  const transcript = make('blockquote', 'transcript')
  transcript.dir = 'auto'
  transcript.lang = message.language
  transcript.append(...withCode(words))
  const bubble = make('div', 'call-body')
  bubble.append(head, wave(), transcript)
  card.append(sender(message), bubble, ...entries(message, words), facts(message, message.bodyType))
  return card
}

/** Makes a button that copies a text and shows briefly that it did. */
export function copyOnClick(button, text) {
  button.addEventListener('click', async () => {
    const before = button.dataset.label ?? button.textContent
    button.dataset.label = before
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    button.classList.add('copied')
    if (button.classList.contains('quiet')) button.textContent = isCopied ? 'Copied' : 'Copying failed'
    setTimeout(() => {
      button.classList.remove('copied')
      if (button.classList.contains('quiet')) button.textContent = before
    }, 1500)
  })
}

function make(tag, className = '', text = '') {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text) element.textContent = text
  return element
}

function sender({ from, to }) {
  const line = make('p', 'route')
  const ends = [make('b', '', from), make('span', 'arrow', ' → '), make('span', '', to)]
  for (const end of ends) end.dir = 'auto'
  line.append(...ends)
  return line
}

/** As phones show RCS for Business: the name of the agent with a check mark, in the place of a number. */
function rcsSender({ from, verifiedSender }) {
  const line = make('p', 'rcs-sender')
  line.dataset.testid = 'rcs-sender'
  const name = make('b', '', verifiedSender ?? from)
  name.dir = 'auto'
  const initial = make('span', 'initial', [...(verifiedSender ?? '')][0] ?? '?')
  initial.setAttribute('aria-hidden', 'true')
  line.append(initial, name)
  if (verifiedSender) {
    const check = make('span', 'check')
    check.setAttribute('role', 'img')
    check.setAttribute('aria-label', 'Verified sender')
    check.title = 'Verified sender'
    line.append(check)
  }
  line.append(make('span', 'rcs', 'RCS'))
  return line
}

function textBody(body) {
  const text = make('p', 'body')
  text.dir = 'auto'
  text.append(...withCode(body))
  return text
}

// A code: four to ten digits, possibly separated by spaces or commas, and not part of a number, date or address.
const CODE = /(?<![\d+.,:/@-])\d(?:[\s,]{0,3}\d){3,9}(?![\d.:/-]*\d)/

function entries(message, text) {
  const found = CODE.exec(text)
  return found ? [codeEntry(message, found[0].replace(/\D/g, ''))] : []
}

function withCode(text) {
  const found = CODE.exec(text)
  if (!found) return [text]
  const code = make('button', 'code', found[0])
  const digits = found[0].replace(/\D/g, '')
  code.type = 'button'
  code.title = `Copy ${digits}`
  copyOnClick(code, digits)
  const rest = text.slice(found.index + found[0].length)
  const [punctuation] = /^[.,;:!?)\]。、]*/.exec(rest)
  const together = make('span', 'together')
  together.append(code, punctuation)
  return [text.slice(0, found.index), together, rest.slice(punctuation.length)]
}

function sizeOf({ parts, encoding, rcs }) {
  if (rcs === 'only') return 'RCS'
  return `${parts} ${parts === 1 ? 'part' : 'parts'} · ${encoding}`
}

/** One line that opens to show every field of the message. */
function facts(message, size) {
  const more = make('details', 'facts')
  const line = make('summary')
  const time = make('time', '', new Date(message.receivedAt).toLocaleTimeString())
  time.dateTime = message.receivedAt
  const cost = make('span', message.parts > 1 ? 'size expensive' : 'size', size)
  line.append(time, ' · ', cost)
  line.append(' ', make('span', 'status'))
  more.append(line)
  showStatus(more, message)
  // The table is built only when it is opened.
  more.addEventListener('toggle', () => more.append(factTable(message)), { once: true })
  return more
}

/** Whether a message was delivered, as far as it is known. */
export function showStatus(element, { finalEvent, simulatorOutcome, rcs }) {
  const status = element.querySelector('.status')
  const isSms = rcs !== undefined && finalEvent?.startsWith('TEXT_') === true
  const sender = element.querySelector('.rcs-sender')
  if (sender) sender.hidden = isSms
  const isDelivered = DELIVERED.includes(finalEvent)
  const expected = simulatorOutcome === 'failure' ? 'Will not be delivered' : ''
  status.textContent = finalEvent
    ? isDelivered
      ? isSms
        ? 'Delivered by SMS'
        : 'Delivered'
      : 'Not delivered'
    : expected
  status.title = finalEvent ?? ''
  status.classList.toggle('failing', !isDelivered && status.textContent !== '')
}

const DELIVERED = ['TEXT_SUCCESSFUL', 'TEXT_DELIVERED', 'RCS_DELIVERED', 'RCS_READ', 'VOICE_COMPLETED']

function factTable(message) {
  const table = make('dl')
  for (const [name, value] of Object.entries(message)) {
    if (name === 'body' && message.bodyType !== 'SSML') continue
    const shown = typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value)
    const entry = make('dd', '', shown)
    entry.dir = 'auto'
    table.append(make('dt', '', name), entry)
  }
  return table
}

function playButton(message, words) {
  const button = make('button', 'play')
  button.type = 'button'
  button.dataset.testid = 'play'
  const show = isPlaying => {
    button.setAttribute('aria-label', isPlaying ? 'Stop' : 'Play the call')
    button.title = isPlaying ? 'Stop' : 'Play the call'
    button.closest('.call')?.classList.toggle('playing', isPlaying)
  }
  show(false)
  button.addEventListener('click', () => speak(message, words, show))
  return button
}

function wave() {
  const bars = make('div', 'wave')
  bars.setAttribute('aria-hidden', 'true')
  for (let bar = 0; bar < 36; bar += 1) bars.append(make('i'))
  return bars
}

function voiceName({ voiceId = '' }) {
  return voiceId.charAt(0) + voiceId.slice(1).toLowerCase()
}
