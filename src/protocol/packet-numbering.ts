/**
 * Sequence ids of a response that the client sees otherwise than the backend counts them: when several commands to the
 * backend answer one of the client's, or one command takes another number of packets on each leg.
 */
export interface PacketNumbering {
  /** Added to the backend's ids, modulo 256. */
  readonly shift: number;
  /** Of the last packet of the response so far, as the client sees it. */
  last: number;
}

/**
 * @param next the id that the client expects of the response's first packet
 * @param backendNext the id that the backend will give it
 */
export function packetNumbering(next: number, backendNext: number): PacketNumbering {
  return { shift: (next - backendNext) & 0xff, last: (next - 1) & 0xff };
}
