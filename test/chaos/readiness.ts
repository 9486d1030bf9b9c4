/** The answer of `/readyz`. */
export async function checksOf(url: string): Promise<Readiness> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_MS) })
  const { checks } = (await response.json()) as Pick<Readiness, 'checks'>
  return { isReady: response.status === 200, checks }
}

type Readiness = { readonly isReady: boolean; readonly checks: Readonly<Record<string, string>> }

const READY_MS = 5_000
