import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Functions } from '../../simulators/aws/lambda/functions.ts'
import type { Stack } from '../../simulators/aws/template/stack.ts'

/** Lambda's operation Invoke (RequestResponse) for the functions of a deployment, at their aliases only. */
export async function startLambdaInvoke(
  stack: Stack,
  functions: Functions,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const [, name = ''] = /^\/2015-03-31\/functions\/([\w-]+)\/invocations$/.exec(url.pathname) ?? []
    const alias = stack
      .ofType('AWS::Lambda::Alias')
      .find(({ ref }) => ref.endsWith(`:${name}:${url.searchParams.get('Qualifier')}`))
    if (request.method !== 'POST' || alias === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' })
      response.end(JSON.stringify({ Type: 'User', Message: `Function not found: ${url}` }))
      return
    }
    const result = await functions.invoke(alias.ref, (await json(request)) as object)
    if (result.kind === 'answer') response.writeHead(200).end(result.payload)
    else
      response
        .writeHead(200, { 'x-amz-function-error': 'Unhandled' })
        .end(JSON.stringify({ errorType: result.errorType, errorMessage: result.errorMessage }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
