// What `hookline serve` is measured against: the usual way to write such a hook. Express, AWS's SDK, a JWT library, one
// text. No limits, no detection of duplicates, no records, no second identity, no time limits.
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import express from 'express'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { OKTA_ISSUER, OKTA_AUDIENCE, OKTA_CLIENT_ID, OKTA_SCOPE, ORIGINATION_IDENTITY, PORT } = process.env
const keys = createRemoteJWKSet(new URL(`${OKTA_ISSUER}/v1/keys`))
const carrier = new PinpointSMSVoiceV2Client({})
const app = express()
app.use(express.json())

app.post('/mfa', async (request, response) => {
  try {
    const token = request.get('authorization').replace('Bearer ', '')
    const { payload } = await jwtVerify(token, keys, { issuer: OKTA_ISSUER, audience: OKTA_AUDIENCE })
    if (payload.cid !== OKTA_CLIENT_ID || !payload.scp.includes(OKTA_SCOPE)) throw new Error('not allowed')
  } catch {
    response.status(401).end()
    return
  }
  const { phoneNumber, otpCode } = request.body.data.messageProfile
  const { MessageId } = await carrier.send(
    new SendTextMessageCommand({
      DestinationPhoneNumber: phoneNumber,
      OriginationIdentity: ORIGINATION_IDENTITY,
      MessageBody: `Your verification code is ${otpCode}. Do not share it.`,
      MessageType: 'TRANSACTIONAL',
    }),
  )
  console.log(JSON.stringify({ time: new Date().toISOString(), sent: MessageId }))
  const value = [{ status: 'SUCCESSFUL', provider: 'AWS', transactionId: MessageId, transactionMetadata: '' }]
  response.json({ commands: [{ type: 'com.okta.telephony.action', value }] })
})

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  process.send?.({ ready: `http://127.0.0.1:${server.address().port}` })
})
process.once('disconnect', () => process.exit())
