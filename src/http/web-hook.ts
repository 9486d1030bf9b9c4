import { BODY_MAX_BYTES, type Gateway, type Hook, type HookCall } from './hook.ts'
import { readJsonBody } from './read-json-body.ts'

/** The hook as web-standard Request to Response, for servers. */
export function webHook(hook: Hook): (request: Request) => Promise<Response> {
  return async request => {
    const { httpStatus: status, body } = await hook(readWebRequest(request))
    return body === undefined
      ? new Response(null, { status, headers: { 'www-authenticate': 'Bearer' } })
      : Response.json(body, { status })
  }
}

/** @internal */
export function readWebRequest(request: Request, gateway?: Gateway): HookCall {
  return {
    header: name => request.headers.get(name),
    readBody: () => readJsonBody(request, BODY_MAX_BYTES),
    gateway,
  }
}
