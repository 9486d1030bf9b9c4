/**
 * The checksum of ISO 3309 and ITU-T V.42, which DynamoDB sends of each body. Node's own is in `node:zlib`, which takes a
 * function 3 to 7 ms of CPU to load: more than all that it ever checks.
 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (let index = 0; index < bytes.length; index += 1)
    rest = (rest >>> 8) ^ (TABLE[(rest ^ (bytes[index] ?? 0)) & 0xff] ?? 0)
  return ~rest >>> 0
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})
