// What Hookline's functions are measured against: the usual way to write such a handler. One function, whole SDK
// clients that are not bundled, Okta's verifier, a scan of the table for the template, one call of the carrier.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import OktaJwtVerifier from '@okta/jwt-verifier'

const { OKTA_ISSUER, OKTA_AUDIENCE, OKTA_CLIENT_ID, TABLE, ORIGINATION_IDENTITY } = process.env
const verifier = new OktaJwtVerifier({
  issuer: OKTA_ISSUER,
  assertClaims: { cid: OKTA_CLIENT_ID },
  testing: { disableHttpsCheck: true }, // the issuer of the measurement is on loopback
})
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const carrier = new PinpointSMSVoiceV2Client({})

export async function handler(event) {
  try {
    const token = event.headers.Authorization.replace('Bearer ', '')
    await verifier.verifyAccessToken(token, OKTA_AUDIENCE)
  } catch {
    return { statusCode: 401, body: '' }
  }
  const { data } = JSON.parse(event.body)
  const { phoneNumber, otpCode, locale } = data.messageProfile
  const { Items } = await table.send(new ScanCommand({ TableName: TABLE }))
  const template = Items.find(item => item.locale === locale) ?? Items.find(item => item.locale === 'en')
  const { MessageId } = await carrier.send(
    new SendTextMessageCommand({
      DestinationPhoneNumber: phoneNumber,
      OriginationIdentity: ORIGINATION_IDENTITY,
      MessageBody: template.text.replace('{code}', otpCode),
      MessageType: 'TRANSACTIONAL',
    }),
  )
  const value = [{ status: 'SUCCESSFUL', provider: 'AWS', transactionId: MessageId, transactionMetadata: '' }]
  return {
    statusCode: 200,
    body: JSON.stringify({ commands: [{ type: 'com.okta.telephony.action', value }] }),
  }
}
