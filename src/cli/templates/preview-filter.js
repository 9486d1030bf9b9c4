const field = id => document.getElementById(id)
const sections = [...document.querySelectorAll('section')]
const { ending, isApp, partsMax, gsm } = JSON.parse(field('settings').textContent)
const CODE = '\ue000'
const DIGITS = '4938175620'
const CALL_SECONDS = 30
const APP_MAX_BYTES = 140

/** Encoding, parts and length of a text, measured as before it is sent. */
function measure(text) {
  const width = character => (gsm.basic.includes(character) ? 1 : gsm.extension.includes(character) ? 2 : 0)
  const isGsm = [...text].every(character => width(character) > 0)
  const widths = [...text].map(character => (isGsm ? width(character) : character.length))
  const [single, several] = isGsm ? [160, 153] : [70, 67]
  const length = widths.reduce((sum, one) => sum + one, 0)
  let parts = 1
  let used = 0
  for (const one of length > single ? widths : []) {
    if (used + one > several) {
      parts += 1
      used = 0
    }
    used += one
  }
  const bytes = isGsm ? Math.ceil((length * 7) / 8) : length * 2
  return {
    text,
    encoding: isGsm ? 'GSM-7' : 'UCS-2',
    parts,
    length,
    bytes,
    room: parts === 1 ? single : several * parts,
  }
}

/** A text with its last line, if that fits. */
function withLastLine(words, code, budget) {
  const body = { ...measure(words), line: '' }
  if (ending === '') return body
  const line = `\n${ending.replace(CODE, code)}`
  const whole = { ...measure(words + line), line }
  if (isApp && whole.bytes > APP_MAX_BYTES) return body
  return whole.parts <= Math.max(budget, body.parts) ? whole : body
}

/** The index of the form that is sent, and its text with or without the last line. */
function chosenText([full, short], code, wanted) {
  if (short === undefined || wanted === 'full') return [0, withLastLine(full, code, partsMax)]
  const shortest = withLastLine(short, code, partsMax)
  if (wanted === 'short') return [1, shortest]
  const fullest = withLastLine(full, code, shortest.parts)
  const isEndedAlike = fullest.line !== '' || shortest.line === ''
  return fullest.parts <= shortest.parts && isEndedAlike ? [0, fullest] : [1, shortest]
}

function showText(message, code, wanted) {
  const bubbles = [...message.querySelectorAll('.bubble')]
  const words = bubbles.map(bubble => {
    bubble.querySelector('.ending').textContent = ''
    return bubble.textContent
  })
  const [index, sent] = chosenText(words, code, wanted)
  bubbles.forEach((bubble, place) => {
    bubble.hidden = place !== index
  })
  bubbles[index].querySelector('.ending').textContent = sent.line
  message.querySelector('.lock').textContent = words[index]
  const { parts, encoding, length, room } = sent
  const facts = message.querySelector('.facts')
  const form = bubbles.length === 1 ? '' : ` · ${bubbles[index].dataset.form} form`
  facts.textContent = `${parts} ${parts === 1 ? 'part' : 'parts'} · ${encoding} · ${length} of ${room}${form}`
  facts.classList.toggle('expensive', parts > 1)
}

function showCall(message, code, wanted) {
  const forms = [...message.querySelectorAll('.speech')]
  const seconds = forms.map(form => Number(form.dataset.seconds.split(',')[code.length - 4]))
  const isShort = wanted === 'short' || (wanted === '' && seconds[0] >= CALL_SECONDS)
  const index = forms.length > 1 && isShort ? 1 : 0
  forms.forEach((form, place) => {
    form.hidden = place !== index
  })
  const facts = message.querySelector('.facts')
  const times = forms[index].querySelectorAll('.digits').length
  facts.textContent = `${facts.dataset.voice} · about ${Math.round(seconds[index])} s · the code ${times} times`
}

/** Groups of three, the last four as two pairs. */
function groups(code) {
  if (code.length <= 3) return [code]
  const size = code.length === 4 ? 2 : 3
  return [code.slice(0, size), ...groups(code.slice(size))]
}

function fill() {
  const brand = field('brand').value.trim() || 'Okta'
  const digits = Math.min(10, Math.max(4, Math.trunc(Number(field('digits').value)) || 6))
  const code = DIGITS.slice(0, digits)
  for (const place of document.querySelectorAll('.brand')) place.textContent = brand
  for (const place of document.querySelectorAll('.avatar')) place.textContent = [...brand][0]
  for (const place of document.querySelectorAll('.code')) place.textContent = code
  for (const place of document.querySelectorAll('.digits')) {
    place.innerHTML = groups(code)
      .map(group => [...group].join('<i></i>'))
      .join('<i class="group"></i>')
  }
  const wanted = field('form').value
  for (const message of document.querySelectorAll('.message')) {
    if (message.querySelector('.bubble')) showText(message, code, wanted)
    else if (message.querySelector('.speech')) showCall(message, code, wanted)
  }
}

function filter() {
  const words = field('language').value.trim().toLowerCase()
  const purpose = field('purpose').value
  const channel = field('channel').value
  let shown = 0
  for (const section of sections) {
    section.hidden = !section.dataset.names.split(/\s+/).some(name => name.startsWith(words))
    if (!section.hidden) shown += 1
    for (const part of section.querySelectorAll('[data-purpose]')) {
      part.hidden = purpose !== '' && part.dataset.purpose !== purpose
    }
    for (const part of section.querySelectorAll('[data-channel]')) {
      const isEmpty = part.matches('.phone') && part.querySelector('.message:not([hidden])') === null
      part.hidden = (channel !== '' && part.dataset.channel !== channel) || isEmpty
    }
  }
  field('count').textContent = `${shown} of ${sections.length}`
  field('no-match').hidden = shown > 0
}

// Start with one purpose. Paper, and browsers without scripts, show all.
if (document.querySelector('option[value="mfa-verification"]')) field('purpose').value = 'mfa-verification'
for (const id of ['language', 'purpose', 'channel']) field(id).addEventListener('input', filter)
for (const id of ['brand', 'digits', 'form']) field(id).addEventListener('input', fill)
document.querySelector('form').addEventListener('submit', event => event.preventDefault())
fill()
filter()
