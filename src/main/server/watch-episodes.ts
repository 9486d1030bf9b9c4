import { describeEpisode, type Episode, episodesOf, QUIET_MS } from '../../advice/fraud/episodes.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { type DeliveryStore, readDeliveries } from '../../core/records/delivery-store.ts'

export type WatchEpisodesParts = {
  readonly store: Pick<DeliveryStore, 'pageDeliveries'>
  readonly now: () => number
  readonly record: (event: StepEvent) => void
}

/** Logs the end of each episode of the fraud rule, two hours after its last code, with counts and money. */
export function watchEpisodes(parts: WatchEpisodesParts): { readonly stop: () => void } {
  const look = createLook(parts)
  const timer = setInterval(() => void look(), LOOK_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** One look at what ended since the last one; never rejects. @internal */
export function createLook({ store, now, record }: WatchEpisodesParts): () => Promise<void> {
  let lookedAt = now()
  return async () => {
    const at = now()
    const isEnded = ({ lastAt }: Episode): boolean => lastAt + QUIET_MS > lookedAt && lastAt + QUIET_MS <= at
    const episodesSince = async (from: number): Promise<readonly Episode[]> =>
      episodesOf(await readDeliveries(store, { from, to: at + 1 }, DELIVERIES_MAX), at)
    try {
      const recent = (await episodesSince(lookedAt - QUIET_MS)).filter(isEnded)
      if (recent.length > 0) {
        const whole = await episodesSince(Math.min(...recent.map(({ since }) => since)) - DAY_MS)
        for (const episode of whole.filter(isEnded))
          record({ step: 'fraud', outcome: 'ended', org: episode.org, detail: describeEpisode(episode) })
      }
      lookedAt = at
    } catch (error) {
      record({ step: 'fraud', outcome: 'store-unavailable', detail: String(error) })
    }
  }
}

const LOOK_MS = 600_000
/** Prices and answers of the day before are counted as well. */
const DAY_MS = 86_400_000
const DELIVERIES_MAX = 20_000
