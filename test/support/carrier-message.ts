/** A message as the carrier's stand-in lists it. */
export type CarrierMessage = {
  readonly messageId: string
  readonly to: string
  readonly from: string
  readonly body: string
  readonly finalEvent?: string
  readonly context?: { readonly deliveryId?: string }
}
