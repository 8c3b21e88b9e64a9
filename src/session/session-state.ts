/** Where a session stands. */
export type SessionState =
  /** The proxy's own statements after a login. */
  | 'setup'
  /** The next command may be taken up. */
  | 'ready'
  /** A command was taken up and waits for a key or the state of the session. */
  | 'waiting'
  /** A command is at the backend. */
  | 'responding'
  /** Its response is over, its effects are being settled; its last packet may wait for that. */
  | 'settling'
  | 'ended';

const TRANSITIONS: Readonly<Record<SessionState, readonly SessionState[]>> = {
  setup: ['ready', 'ended'],
  ready: ['waiting', 'responding', 'settling', 'ended'],
  waiting: ['ready', 'ended'],
  responding: ['ready', 'settling', 'ended'],
  settling: ['ready', 'ended'],
  ended: [],
};

/** @throws Error when a session may not go from one state to the other: a fault of ours that ends it */
export function assertTransition(from: SessionState, to: SessionState): void {
  if (!TRANSITIONS[from].includes(to)) throw new Error(`session: ${from} → ${to} is no transition`);
}
