// Failures on demand: arms one for the next message, and shows those that are armed.

const CHOICES = [
  ['is throttled', { kind: 'error', name: 'ThrottlingException' }],
  [
    'meets an opt-out',
    { kind: 'error', name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' },
  ],
  [
    'meets the spend limit',
    { kind: 'error', name: 'ServiceQuotaExceededException', reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' },
  ],
  ['fails inside AWS, not sent', { kind: 'server-error', when: 'before' }],
  ['is sent, then fails inside AWS', { kind: 'server-error', when: 'after' }],
  ['is cut off, not sent', { kind: 'reset', when: 'before' }],
  ['is sent, then cut off', { kind: 'reset', when: 'after' }],
  ['hangs, not sent', { kind: 'hang', when: 'before' }],
  ['is sent, then hangs', { kind: 'hang', when: 'after' }],
  ['is two seconds late', { kind: 'latency', ms: 2000 }],
]

/** Fills the choice, arms what is chosen, and keeps the list of armed failures. */
export function showFaults({ select, form, list }) {
  for (const [label] of CHOICES) select.append(new Option(`The next message ${label}`))
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const [, rule] = CHOICES[select.selectedIndex]
    await fetch('faults', { method: 'POST', body: JSON.stringify({ ...rule, times: 1 }) })
    refresh()
  })
  const refresh = async () => {
    try {
      show(list, await (await fetch('faults')).json(), refresh)
    } catch {
      // The program is away; the page says so elsewhere.
    }
  }
  refresh()
  setInterval(() => document.hidden || refresh(), 3000)
}

function show(list, rules, refresh) {
  const armed = rules.filter(({ times, used }) => times === undefined || used < times)
  const lines = armed.map(rule => {
    const line = document.createElement('li')
    line.textContent = sentenceOf(rule)
    return line
  })
  if (lines.length > 0) lines.push(endButton(refresh))
  const before = list.textContent
  if (before !== lines.map(line => line.textContent).join('')) list.replaceChildren(...lines)
}

function sentenceOf({ kind, name, reason, when, ms, times, used, probability, match }) {
  const what = [name ?? kind, reason, when, ms === undefined ? undefined : `${ms} ms`]
    .filter(Boolean)
    .join(' · ')
  const often = times === undefined ? 'every time' : `${times - used} more`
  const chance = probability === undefined ? '' : `, ${Math.round(probability * 100)} %`
  const whom = match ? `, ${Object.values(match).join(' ')}` : ''
  return `${what} (${often}${chance}${whom})`
}

function endButton(refresh) {
  const line = document.createElement('li')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'quiet'
  button.textContent = 'Disarm all'
  button.addEventListener('click', async () => {
    await fetch('faults', { method: 'DELETE' })
    refresh()
  })
  line.append(button)
  return line
}
