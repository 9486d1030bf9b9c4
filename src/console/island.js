// Everything works without this file. It copies a line, and keeps a list fresh.
const [LIVE_MS, LIVE_TIMES] = [10_000, 360]

for (const button of document.querySelectorAll('button[data-copies]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent)
    button.textContent = button.dataset.done
  })
}

// The editor of a template: the phone, the findings and the difference follow what is typed.
for (const form of document.querySelectorAll('form.edited')) {
  const check = form.querySelector('[formaction]').formAction
  let waiting
  let asking
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(async () => {
      asking?.abort()
      asking = new AbortController()
      const { signal } = asking
      try {
        const body = new URLSearchParams(new FormData(form))
        const answer = await fetch(check, { method: 'POST', body, signal })
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const preview = page.getElementById('preview')
        if (preview !== null) document.getElementById('preview').replaceWith(preview)
      } catch {
        // Typing goes on, or the console has ended: the button Check shows why.
      }
    }, 300)
  })
}

// What is marked as live is loaded again now and then, for an hour, unless somebody is reading or using it.
const live = document.querySelector('[data-live]')
if (live !== null) {
  let times = 0
  const refresh = async () => {
    times += 1
    if (times === LIVE_TIMES) clearInterval(timer)
    const isInUse = live.contains(document.activeElement) || getSelection()?.isCollapsed === false
    if (document.hidden || isInUse) return
    const answer = await fetch(location.href).catch(() => undefined)
    if (answer?.ok !== true) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = page.querySelector('[data-live]')
    if (fresh !== null) live.replaceChildren(...fresh.childNodes)
  }
  const timer = setInterval(refresh, LIVE_MS)
}
