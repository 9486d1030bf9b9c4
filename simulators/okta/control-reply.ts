/** What the control API answers. */
export type Reply = { readonly status: 200 | 400 | 409 | 502; readonly body: object }

export function done(body: object): Reply {
  return { status: 200, body }
}

export function refuse(problem: string): Reply {
  return { status: 400, body: { problem } }
}
