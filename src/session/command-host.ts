import type { ProxyError, ServerError } from '../errors.js';
import { type Frame, HEADER_LENGTH } from '../protocol/packet-framer.js';
import type { ResponseKind } from '../protocol/response-tracker.js';
import type { ClientCommand } from './client-command.js';

/** Bytes before a rewritten statement: packet header and command. */
export const QUERY_HEADROOM = HEADER_LENGTH + 1;

/** What the command phase does to its session. */
export interface CommandHost {
  /** The command under way. */
  readonly command: ClientCommand;
  /** The command's packet goes to the backend as it came. */
  forward(frame: Frame): void;
  /** Bytes that are packets, numbered from 0, go to the backend. */
  send(bytes: Buffer): void;
  /** The response to the command under way comes next and is relayed. Kind 'none': there is none. */
  expect(kind: ResponseKind, wantColumnDefinitions: boolean): void;
  /** As `expect`, but nothing is relayed: the answer is made from what arrives. */
  expectCollected(kind: ResponseKind): void;
  /** Bytes for the client that are part of the response under way. */
  relay(bytes: Buffer): void;
  /** An answer of the proxy's own. */
  answer(packet: Buffer): void;
  refuse(error: ProxyError | ServerError): void;
  /** Nothing of the client's is read until the work is done; then the command is taken up again. */
  retryAfter(work: Promise<void>): void;
  /** The client said goodbye. */
  quit(frame: Frame): void;
  /** Authentication inside the command phase. */
  changeUser(frame: Frame): void;
}
