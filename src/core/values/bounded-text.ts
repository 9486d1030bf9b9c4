/**
 * The text of a stream (UTF-8) of at most `maxBytes`. If the stream is longer, it is ended and this rejects, so that an
 * endless response cannot use more memory.
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
