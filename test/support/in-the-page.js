/** What tests ask about the preview page, run inside the browser. */
globalThis.inThePage = {
  /** What sticks out of the window or of its own phone. */
  tooWide() {
    const root = document.documentElement
    const sticksOut = element => {
      const { left, right } = element.getBoundingClientRect()
      const limits = element.closest('.phone')?.getBoundingClientRect() ?? {
        left: 0,
        right: root.clientWidth,
      }
      return left < limits.left - 0.5 || right > limits.right + 0.5
    }
    const all = [...document.querySelectorAll('body *')].filter(
      element => element.getClientRects().length > 0,
    )
    const wide = all
      .filter(sticksOut)
      .map(element => `${element.className}: ${element.textContent.slice(0, 40)}`)
    return root.scrollWidth > root.clientWidth ? ['the page scrolls sideways', ...wide] : wide
  },

  /** How the first text in a language is laid out. */
  bubble(locale) {
    const bubble = [...document.querySelectorAll(`.bubble[lang="${locale}"]`)].find(
      element => element.offsetParent,
    )
    const phone = bubble.closest('.phone').getBoundingClientRect()
    const { left, right } = bubble.getBoundingClientRect()
    const code = bubble.querySelector('.code')
    const first = document.createRange()
    first.setStart(bubble.firstChild, 0)
    first.setEnd(bubble.firstChild, 1)
    const letter = first.getBoundingClientRect()
    return {
      direction: getComputedStyle(bubble).direction,
      isAtRight: phone.right - right < left - phone.left,
      startsAtRight: right - letter.right < letter.left - left,
      code: code.textContent,
      isolation: getComputedStyle(code).unicodeBidi,
    }
  },

  /** Seconds of the first recording, loaded. */
  audioSeconds() {
    const player = [...document.querySelectorAll('audio')].find(element => element.offsetParent)
    return new Promise((resolve, reject) => {
      player.onloadedmetadata = () => resolve(player.duration)
      player.onerror = () => reject(new Error('not playable'))
      player.load()
    })
  },
}
