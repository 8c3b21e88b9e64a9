/** A payload longer than the reader's limit; thrown when its header arrives, before its body is kept. */
export class PayloadTooLargeError extends Error {
  /** What the headers so far announce, in bytes. */
  readonly payloadLength: number;
  /** The limit, in bytes. */
  readonly maxPayload: number;

  constructor(payloadLength: number, maxPayload: number) {
    super(`payload of at least ${payloadLength} bytes is longer than the limit of ${maxPayload}`);
    this.name = 'PayloadTooLargeError';
    this.payloadLength = payloadLength;
    this.maxPayload = maxPayload;
  }
}
