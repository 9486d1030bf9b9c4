import { usNumber } from './numbers.ts'

/** The least that Okta must say for a text to be sent. */
export const goodBody = (): string =>
  JSON.stringify({
    data: { messageProfile: { phoneNumber: usNumber(7000), deliveryChannel: 'SMS', otpCode: '123456' } },
  })
