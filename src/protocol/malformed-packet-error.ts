/**
 * Bytes that are no packet of the kind that stands at this place of the conversation. The connection that sent them
 * can't be read any further. The message names a position and a field, never the bytes: they may be plaintext.
 */
export class MalformedPacketError extends Error {
  /** 0-based offset into the payload where reading failed. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`malformed packet: ${what} at byte ${offset}`);
    this.name = 'MalformedPacketError';
    this.offset = offset;
  }
}

/** A packet that does not bear the next sequence id: the two peers disagree about where in the conversation they are. */
export class OutOfOrderError extends MalformedPacketError {
  constructor(what: string) {
    super(what, 3);
    this.name = 'OutOfOrderError';
  }
}
