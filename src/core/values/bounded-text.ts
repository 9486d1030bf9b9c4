/**
 * The text of a stream (UTF-8) of at most `maxBytes`. At the first byte beyond, the stream is ended, and this rejects:
 * an answer without end costs no more memory than that.
 */
export async function readBoundedText(
  chunks: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of chunks ?? []) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
