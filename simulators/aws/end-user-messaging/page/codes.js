// Entering a code: the program passes it on to where a person would, and shows the answer.

const canEnter = fetch('codes')
  .then(answer => answer.json())
  .then(
    codes => codes.canEnter,
    () => false,
  )

/** A button that enters this code, and what came of it; hidden where codes are entered nowhere. */
export function codeEntry({ to }, code) {
  const line = document.createElement('p')
  line.className = 'entry'
  line.hidden = true
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'quiet'
  button.textContent = 'Enter the code'
  const result = document.createElement('output')
  line.append(button, ' ', result)
  canEnter.then(can => {
    line.hidden = !can
  })
  button.addEventListener('click', async () => {
    button.disabled = true
    const { isAccepted, sentence } = await enter(to, code)
    button.disabled = isAccepted
    result.textContent = sentence
    result.classList.toggle('failing', !isAccepted)
  })
  return line
}

async function enter(to, code) {
  try {
    const answer = await fetch('codes', { method: 'POST', body: JSON.stringify({ to, code }) })
    const { isAccepted = false, sentence, message } = await answer.json()
    return { isAccepted, sentence: sentence ?? message ?? 'The code was not entered.' }
  } catch {
    return { isAccepted: false, sentence: 'The program does not answer.' }
  }
}
