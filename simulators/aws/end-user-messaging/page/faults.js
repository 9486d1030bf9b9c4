// Failures on demand: arms one for the next message, and lists those that are armed.

const CHOICES = [
  ['is throttled', { kind: 'error', name: 'ThrottlingException' }],
  [
    'is refused: the recipient opted out',
    { kind: 'error', name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' },
  ],
  [
    'is refused: the spend limit is reached',
    { kind: 'error', name: 'ServiceQuotaExceededException', reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' },
  ],
  ['is not sent: AWS has an internal error', { kind: 'server-error', when: 'before' }],
  ['is sent, then AWS has an internal error', { kind: 'server-error', when: 'after' }],
  ['is not sent: the connection breaks', { kind: 'reset', when: 'before' }],
  ['is sent, then the connection breaks', { kind: 'reset', when: 'after' }],
  ['is not sent: AWS does not answer', { kind: 'hang', when: 'before' }],
  ['is sent, but AWS does not answer', { kind: 'hang', when: 'after' }],
  ['is two seconds late', { kind: 'latency', ms: 2000 }],
]

/** Fills the list of choices, arms the chosen failure, and shows the armed ones. */
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
      // The program does not answer; phone.js shows that.
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
