import { FORM_TOKEN } from '../../src/console/page.ts'

type Answered = { readonly status: number; readonly location: string; readonly text: string }

/** A browser that the console of a program has let in, without scripts. */
export type Visitor = {
  readonly origin: string
  readonly get: (path: string) => Promise<Answered>
  /** Sends a form, with its token. */
  readonly post: (path: string, fields: Readonly<Record<string, string>>) => Promise<Answered>
}

/** `address`: as the console printed it, with the token. */
export async function openVisitor(address: string): Promise<Visitor> {
  const { origin } = new URL(address)
  const letIn = await fetch(address, { redirect: 'manual' })
  const cookie = letIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const send = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const headers = { cookie, ...init.headers }
    const answered = await fetch(`${origin}${path}`, { redirect: 'manual', ...init, headers })
    const location = answered.headers.get('location') ?? ''
    return { status: answered.status, location, text: await answered.text() }
  }
  const { text } = await send('/person')
  const token = new RegExp(`name="${FORM_TOKEN}" value="([^"]+)"`).exec(text)?.[1] ?? ''
  return {
    origin,
    get: path => send(path),
    post: (path, fields) =>
      send(path, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ ...fields, [FORM_TOKEN]: token }),
      }),
  }
}
