const field = id => document.getElementById(id)
const sections = [...document.querySelectorAll('section')]

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
  field('nothing').hidden = shown > 0
}

// One purpose at a time reads best; paper, and browsers without scripts, show all.
if (document.querySelector('option[value="mfa-verification"]')) field('purpose').value = 'mfa-verification'
for (const id of ['language', 'purpose', 'channel']) field(id).addEventListener('input', filter)
document.querySelector('form').addEventListener('submit', event => event.preventDefault())
filter()
