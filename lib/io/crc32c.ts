/** For each byte, and for each number of bytes that follow it in a group of four. */
const tables = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let i = 1; i < 4; i++) all.push(all[i - 1]!.map((crc) => (crc >>> 8) ^ first[crc & 255]!));
  return all;
}

/** The CRC-32C (Castagnoli) of bytes, as iSCSI and TensorFlow's records have it. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = tables;
  const whole = bytes.length & ~3;
  let crc = 0xffffffff;
  let i = 0;
  for (; i < whole; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    const low = t3![crc & 255]! ^ t2![(crc >>> 8) & 255]!;
    crc = low ^ t1![(crc >>> 16) & 255]! ^ t0![crc >>> 24]!;
  }
  for (; i < bytes.length; i++) crc = t0![(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The form in which records keep it, so that sums of data that hold sums stay good. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
