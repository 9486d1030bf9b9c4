import { html } from './page.ts'
import type { Answer, ConsoleParts, Screen } from './screen.ts'
import { texts } from './texts.ts'
import { startOfDay } from './times.ts'

/** How the day goes, at a glance. */
export const nowScreen: Screen = {
  title: texts.now.title,
  path: '/',
  routes: [{ kind: 'page', path: '/', answer: (_visit, parts) => answerNow(parts) }],
}

async function answerNow({ store, now, timeZone }: ConsoleParts): Promise<Answer> {
  const to = now()
  const stats = await store.readStats({ from: startOfDay(to, timeZone), to })
  const sentence =
    stats === undefined || stats.total.asked === 0
      ? texts.now.empty
      : `${stats.total.asked} codes since midnight`
  return {
    kind: 'page',
    title: texts.now.title,
    body: html`<h1>${texts.now.title}</h1><p class="lead">${sentence}</p>`,
  }
}
