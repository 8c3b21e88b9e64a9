/**
 * Folds a key to `size` bytes as MySQL and MariaDB do inside AES_ENCRYPT: byte i is XORed onto byte i modulo size of
 * a buffer of zeroes. The ciphertext is that of the unfolded key, without MySQL's warning 3237 at each call.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/encryption-functions.html#function_aes-encrypt
 */
export function foldKey(bytes: Uint8Array, size: number): Buffer {
  // Of its own memory, not of Buffer's pool: zeroing it later leaves no neighbour behind.
  const folded = Buffer.alloc(size);
  for (let i = 0; i < bytes.length; i++) {
    const at = i % size;
    folded[at] = (folded[at] as number) ^ (bytes[i] as number);
  }
  return folded;
}

/**
 * What makes the key weaker than it looks once it is folded to `size` bytes, as `what; what to do`; undefined when
 * nothing does. For `check`: such a key still works, since data may have been written with it.
 */
export function keyWeakness(bytes: Uint8Array, size: number): string | undefined {
  const folded = foldKey(bytes, size);
  const isZero = folded.every((byte) => byte === 0);
  folded.fill(0);
  if (isZero) return 'folds to zeroes, so that anyone can decrypt; create another key and re-encrypt';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (/[\r\n]$/.test(text)) return 'ends with a line break, which is part of the key; store it without';
  if (bytes.length < size) return `is shorter than ${size} bytes, the rest is zeroes; create a longer one`;
  if (bytes.length >= 2 * size && /^[0-9a-fA-F]+$/.test(text)) {
    return 'is hexadecimal digits used as text, of which folding leaves about 5 bits a byte; use format: hex';
  }
  return undefined;
}
