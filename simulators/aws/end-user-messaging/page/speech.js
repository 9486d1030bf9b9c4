// Transcripts and speech of calls. The program speaks if it can, otherwise the browser.

let current

/** What a call says, without its markup. */
export function spokenWords({ body, bodyType }) {
  if (bodyType !== 'SSML') return body
  const parsed = new DOMParser().parseFromString(body, 'application/xml')
  if (parsed.querySelector('parsererror')) return body
  return wordsIn(parsed.documentElement)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ([,.!?;:])/g, '$1')
    .replace(/ ?\n[\s]*/g, '\n')
    .trim()
}

function wordsIn(node) {
  if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) {
    return node.data.replace(/\s+/g, ' ')
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return ''
  if (node.localName === 'break') return ' '
  if (node.localName === 'sub') return node.getAttribute('alias') ?? ''
  const words = [...node.childNodes].map(wordsIn).join('')
  return ['p', 's'].includes(node.localName) ? `${words}\n` : words
}

/** Plays a call, or stops it if it is playing. One call plays at a time. `show(isPlaying)` is called at each change. */
export async function speak(message, words, show) {
  const isSame = current?.messageId === message.messageId
  stopSpeaking()
  if (isSame) return
  const playing = { messageId: message.messageId, stop: () => {}, show }
  current = playing
  show(true)
  const end = () => {
    if (current === playing) stopSpeaking()
  }
  const sound = await fetchSpeech(message.messageId)
  if (current !== playing) return
  if (sound) playSound(sound, playing, end)
  else speakInBrowser(message, words, playing, end)
}

/** Stops the call that is playing. */
export function stopSpeaking() {
  const ended = current
  current = undefined
  ended?.stop()
  ended?.show(false)
}

async function fetchSpeech(messageId) {
  try {
    const answer = await fetch(`messages/${encodeURIComponent(messageId)}/speech.wav`)
    return answer.ok ? await answer.blob() : undefined
  } catch {
    return undefined
  }
}

function playSound(sound, playing, end) {
  const address = URL.createObjectURL(sound)
  const audio = new Audio(address)
  playing.stop = () => {
    audio.pause()
    URL.revokeObjectURL(address)
  }
  audio.addEventListener('ended', end)
  audio.addEventListener('error', end)
  audio.play().catch(end)
}

function speakInBrowser(message, words, playing, end) {
  if (!('speechSynthesis' in window)) {
    end()
    return
  }
  const utterance = new SpeechSynthesisUtterance(words)
  utterance.lang = message.language
  utterance.rate = 0.9
  utterance.addEventListener('end', end)
  utterance.addEventListener('error', end)
  playing.stop = () => speechSynthesis.cancel()
  speechSynthesis.speak(utterance)
}
