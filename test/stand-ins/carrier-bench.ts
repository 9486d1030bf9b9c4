import {
  PinpointSMSVoiceV2Client,
  type PinpointSMSVoiceV2ServiceException,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import {
  type EndUserMessaging,
  type EndUserMessagingOptions,
  startEndUserMessaging,
} from '../../simulators/aws/end-user-messaging/server.ts'

/** For tests: a stand-in on a free port, with AWS's own client for it. Both end with `await using`. */
export type TestBench = AsyncDisposable & {
  readonly standIn: EndUserMessaging
  readonly client: PinpointSMSVoiceV2Client
  /** `fetch` on the stand-in; the answer is parsed as JSON if there is a body. */
  call(path: string, method?: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Posts a body like AWS's client, with changed headers. */
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<{ status: number; body: unknown }>
}

/** Starts a bench. One attempt for each call, so that the client returns the stand-in's answer. */
export async function startBench(options: Partial<EndUserMessagingOptions> = {}): Promise<TestBench> {
  const standIn = await startEndUserMessaging({ port: 0, ...options })
  const client = new PinpointSMSVoiceV2Client({
    endpoint: standIn.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
  })
  return {
    standIn,
    client,
    call: async (path, method = 'GET', body) =>
      read(
        await fetch(standIn.url + path, {
          method,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
    post: async (body, headers) =>
      read(await fetch(standIn.url, { method: 'POST', body, headers: { ...SIGNED_TEXT, ...headers } })),
    async [Symbol.asyncDispose]() {
      client.destroy()
      await standIn.close()
    },
  }
}

/** The error a call ends with; throws if it does not fail. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<PinpointSMSVoiceV2ServiceException & SdkError> {
  try {
    await call
  } catch (error) {
    return error as PinpointSMSVoiceV2ServiceException & SdkError
  }
  throw new Error('The call was expected to fail')
}

type SdkError = {
  readonly code?: string
  readonly Message?: string
  readonly Reason?: string
  readonly Fields?: readonly { readonly Name: string; readonly Message: string }[]
}

const SIGNED_TEXT = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sms-voice/aws4_request, SignedHeaders=host, Signature=00',
}

async function read(response: Response): Promise<{ status: number; body: unknown }> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, body: isJson ? JSON.parse(text) : text }
}
