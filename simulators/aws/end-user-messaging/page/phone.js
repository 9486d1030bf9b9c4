// The phone: loads the messages, listens for more, and updates the screen.
import { callCard, copyOnClick, showStatus, textBubble } from './bubbles.js'
import { showFaults } from './faults.js'
import { stopSpeaking } from './speech.js'

const SHOWN_MAX = 500
const byId = id => document.getElementById(id)
const thread = byId('thread')
const list = byId('list')

/** @type {Map<string, {message: object, element: HTMLElement}>} oldest first */
const shown = new Map()
let waiting = []
/** Changes of messages that are unknown while the list is read: what it says may be older. */
let early
let unseen = 0

listen()
keepTime()
showFaults({ select: byId('fault'), form: byId('arm'), list: byId('rules') })
const setting = `AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2=${location.origin}`
byId('endpoint').textContent = setting
copyOnClick(byId('copy-endpoint'), setting)
byId('clear').addEventListener('click', () => fetch('messages', { method: 'DELETE' }))
byId('filter').addEventListener('input', refresh)
byId('newer').addEventListener('click', () =>
  thread.scrollTo({ top: thread.scrollHeight, behavior: 'smooth' }),
)
thread.addEventListener('scroll', () => {
  if (isAtEnd()) byId('newer').hidden = true
})
document.addEventListener('visibilitychange', () => {
  unseen = 0
  showTitle()
})

/** Reads the list each time the stream opens, so that no message is missed while it was closed. */
function listen() {
  const stream = new EventSource('messages/stream')
  stream.addEventListener('open', async () => {
    setLive('live', 'Ready for messages')
    early = new Map()
    const answer = await fetch(`messages?limit=${SHOWN_MAX}`)
    const messages = await answer.json()
    const ids = new Set(messages.map(message => message.messageId))
    if ([...shown.keys()].some(id => !ids.has(id))) empty()
    arrive(
      messages.map(message => early.get(message.messageId) ?? message),
      false,
    )
    early = undefined
  })
  stream.addEventListener('message', event => arrive([JSON.parse(event.data)], true))
  stream.addEventListener('changed', event => change(JSON.parse(event.data)))
  stream.addEventListener('cleared', empty)
  stream.addEventListener('error', () => setLive('lost', 'Connecting to the program'))
}

/** Shows messages in batches, so that thousands a second do not freeze the page. */
function arrive(messages, isNews) {
  if (waiting.length === 0) setTimeout(showWaiting, 30)
  for (const message of messages) waiting.push({ message, isNews })
  if (waiting.length > SHOWN_MAX) waiting = waiting.slice(-SHOWN_MAX)
}

/** Updates a message with its final event. */
function change(message) {
  const entry = shown.get(message.messageId)
  const known = entry ?? waiting.find(({ message: { messageId } }) => messageId === message.messageId)
  if (known) Object.assign(known.message, message)
  else early?.set(message.messageId, message)
  if (entry) showStatus(entry.element, message)
}

function showWaiting() {
  const follow = isAtEnd()
  const batch = waiting.filter(({ message }) => !shown.has(message.messageId))
  waiting = []
  for (const { message, isNews } of batch) {
    if (shown.has(message.messageId)) continue // it came by the stream and in the list
    const element = document.createElement('li')
    element.append(message.channel === 'voice' ? callCard(message) : textBubble(message))
    if (isNews) element.className = 'news'
    shown.set(message.messageId, { message, element })
    list.append(element)
    if (isNews && document.hidden) unseen += 1
  }
  for (const [id, { element }] of shown) {
    if (shown.size <= SHOWN_MAX) break
    element.remove()
    shown.delete(id)
  }
  refresh()
  showTitle()
  if (follow) thread.scrollTop = thread.scrollHeight
  else if (batch.length > 0) byId('newer').hidden = false
}

function empty() {
  stopSpeaking()
  waiting = []
  shown.clear()
  list.replaceChildren()
  byId('newer').hidden = true
  refresh()
}

/** Updates counts, filter and notes from the messages on the screen. */
function refresh() {
  const wanted = byId('filter').value.trim().toLowerCase()
  const tally = { texts: 0, calls: 0, parts: 0 }
  let matching = 0
  for (const { message, element } of shown.values()) {
    const isMatch = wanted === '' || searchable(message).includes(wanted)
    element.hidden = !isMatch
    if (isMatch) matching += 1
    tally[message.channel === 'voice' ? 'calls' : 'texts'] += 1
    tally.parts += message.parts ?? 0
  }
  for (const [id, count] of Object.entries(tally)) byId(id).textContent = count.toLocaleString()
  byId('empty').hidden = shown.size > 0
  byId('nothing').hidden = shown.size === 0 || matching > 0
  byId('shown').textContent = wanted === '' ? '' : `${matching} of ${shown.size}`
  byId('clear').disabled = shown.size === 0
}

function searchable({ body, from, to, operation, messageId }) {
  return `${from} ${to} ${body} ${operation} ${messageId}`.toLowerCase()
}

function isAtEnd() {
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80
}

function setLive(state, text) {
  byId('live').dataset.state = state
  byId('live-text').textContent = text
}

function showTitle() {
  document.title = unseen > 0 ? `(${unseen}) Phone` : 'Phone'
}

function keepTime() {
  const show = () => {
    byId('clock').textContent = new Date()
      .toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })
      .replace(/\s?[AP]M/i, '')
  }
  show()
  setInterval(show, 5000)
}
