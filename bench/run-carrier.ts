import { randomUUID } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'

/**
 * A carrier that takes as little as possible of the machine that it shares with the server under load: it accepts every
 * call at once and reads none. What it is sent was judged before, by the stand-in for End User Messaging.
 */
const server = createServer(socket => {
  let text = ''
  socket.setNoDelay(true).setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1])
    if (text.length < end + 4 + length) return
    text = ''
    const body = `{"MessageId":"${randomUUID()}"}`
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\nx-amzn-requestid: ${randomUUID()}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
process.once('disconnect', () => process.exit())
