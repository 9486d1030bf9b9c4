import { type ReasonCode, reasons } from '../../core/values/reasons.ts'

/** What the hook answered over HTTP, or what a function returned. */
export type HookReply = { readonly status: number; readonly body: string }

/** What became of the code, as the hook says. Without a message ID, it was not sent. */
export type Sent = {
  readonly messageId: string | undefined
  readonly code: ReasonCode | undefined
  readonly deliveryId: string | undefined
}

/** `unusable`: nothing that Okta could read. `text`: its beginning. */
export function readReply({
  status,
  body,
}: HookReply):
  | ({ readonly kind: 'reply' } & Sent)
  | { readonly kind: 'unusable'; readonly status: number; readonly text: string } {
  const json = parse(body)
  const { commands, error, debugContext } = (json ?? {}) as Partial<OktasReply>
  const value = commands?.[0]?.value?.[0]
  if (status !== 200 || (value === undefined && error === undefined))
    return { kind: 'unusable', status, text: body.slice(0, TEXT_MAX) }
  const code = isReason(debugContext?.code) ? debugContext.code : undefined
  const isSent = value?.status === 'SUCCESSFUL' && code === undefined
  return {
    kind: 'reply',
    messageId: isSent ? value.transactionId : undefined,
    code,
    deliveryId: value?.transactionMetadata ?? debugContext?.deliveryId,
  }
}

/** The parts that are read of a response; a preview's always has a `debugContext`. */
type OktasReply = {
  readonly commands: readonly {
    readonly value?: readonly {
      readonly status: string
      readonly transactionId: string
      readonly transactionMetadata: string
    }[]
  }[]
  readonly error: object
  readonly debugContext: { readonly code?: unknown; readonly deliveryId?: string }
}

function isReason(code: unknown): code is ReasonCode {
  return typeof code === 'string' && Object.hasOwn(reasons, code)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const TEXT_MAX = 200
