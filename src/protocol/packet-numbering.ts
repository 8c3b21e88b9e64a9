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

/**
 * Of the response to a command that was sent in another form.
 * @param lastSequenceId of the client's last packet
 * @param packets to the backend, numbered from 0
 * @returns null where both legs count alike
 */
export function numberingOf(lastSequenceId: number, packets: number): PacketNumbering | null {
  return ((lastSequenceId + 1 - packets) & 0xff) === 0 ? null : packetNumbering(lastSequenceId + 1, packets);
}
