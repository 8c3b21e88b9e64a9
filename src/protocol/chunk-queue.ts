/** Bytes of a stream as they arrived, in chunks that are kept and not copied, and read from the front. */
export class ChunkQueue {
  #chunks: Buffer[] = [];
  /** Position of the next unread byte in `#chunks[0]`. */
  #offset = 0;
  #length = 0;

  /** Unread bytes. */
  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** @throws Error when nothing is left */
  readByte(): number {
    const chunk = this.#first();
    // Every chunk in the queue has a byte left.
    const value = chunk[this.#offset] as number;
    this.#advance(chunk, 1);
    return value;
  }

  /** The next bytes as a view, when they all lie in one chunk; otherwise null, and nothing is read. */
  readView(length: number): Buffer | null {
    const chunk = this.#chunks[0];
    if (chunk === undefined || chunk.length - this.#offset < length) return null;
    const view = chunk.subarray(this.#offset, this.#offset + length);
    this.#advance(chunk, length);
    return view;
  }

  /** Takes all unread bytes. */
  readAll(): Buffer {
    const first = this.#chunks[0];
    const rest =
      first === undefined
        ? Buffer.alloc(0)
        : this.#chunks.length === 1
          ? first.subarray(this.#offset)
          : Buffer.concat([first.subarray(this.#offset), ...this.#chunks.slice(1)]);
    this.#chunks = [];
    this.#offset = 0;
    this.#length = 0;
    return rest;
  }

  /** Copies the next bytes. @returns how many there were, at most `length` */
  readInto(target: Buffer, at: number, length: number): number {
    let read = 0;
    while (read < length && this.#length > 0) {
      const chunk = this.#first();
      const copied = chunk.copy(target, at + read, this.#offset, this.#offset + length - read);
      this.#advance(chunk, copied);
      read += copied;
    }
    return read;
  }

  #first(): Buffer {
    const chunk = this.#chunks[0];
    if (chunk === undefined) throw new Error('read beyond what is buffered');
    return chunk;
  }

  #advance(chunk: Buffer, length: number): void {
    this.#offset += length;
    this.#length -= length;
    if (this.#offset === chunk.length) {
      this.#chunks.shift();
      this.#offset = 0;
    }
  }
}

/**
 * Bytes that do not lie in one chunk, joined: copied as they come (chunks of a byte each would pin many times their
 * length) into a buffer that grows with what has arrived, as a header that announces much must not cost us as much.
 */
export class JoinedBytes {
  #bytes: Buffer | null = null;
  #length = 0;

  /** @param firstAllocation bytes that are allocated at first, where so many are announced */
  constructor(private readonly firstAllocation: number) {}

  get length(): number {
    return this.#length;
  }

  /** Takes from the queue what it has of `wanted` further bytes. @returns how many those were */
  collect(from: ChunkQueue, wanted: number): number {
    const arrived = Math.min(wanted, from.length);
    const end = this.#length + arrived;
    if (this.#bytes === null || this.#bytes.length < end) {
      const announced = this.#length + wanted;
      const size = Math.max(end, Math.min(announced, Math.max(this.firstAllocation, end * 2)));
      const larger = Buffer.allocUnsafeSlow(size);
      this.#bytes?.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    from.readInto(this.#bytes, this.#length, arrived);
    this.#length = end;
    return arrived;
  }

  /** All that was collected; the next bytes begin anew. */
  take(): Buffer {
    const bytes = this.#bytes?.subarray(0, this.#length) ?? Buffer.alloc(0);
    this.#bytes = null;
    this.#length = 0;
    return bytes;
  }
}
