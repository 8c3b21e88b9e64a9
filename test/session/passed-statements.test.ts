import { describe, expect, it } from 'vitest';
import { Command } from '../../src/protocol/constants/commands.js';
import type { Frame } from '../../src/protocol/packet-framer.js';
import type { ResponseEvent } from '../../src/protocol/response-tracker.js';
import { ClientCommand } from '../../src/session/client-command.js';
import type { CommandHost } from '../../src/session/command-host.js';
import { PassedStatements } from '../../src/session/passed-statements.js';
import { int, text } from '../support/wire.js';

const LAST = 0xffff_ffff;

/** A session of which the server answers what it is told to. */
class Lab {
  readonly forwarded: number[] = [];
  /** Error numbers of answers that did not come from the server. */
  readonly answered: number[] = [];
  readonly #statements: PassedStatements;
  readonly #command = new ClientCommand();

  constructor(maxStatements: number) {
    const unused = (): never => {
      throw new Error('not used by statements that pass');
    };
    const host: CommandHost = {
      command: this.#command,
      forward: ({ payload }) => void this.forwarded.push(payload[0] ?? -1),
      answer: (packet) => void this.answered.push(packet.readUInt16LE(5)),
      expect: () => undefined,
      send: unused,
      expectCollected: unused,
      relay: unused,
      refuse: unused,
      retryAfter: unused,
      quit: unused,
      changeUser: unused,
    };
    this.#statements = new PassedStatements(host, maxStatements);
  }

  /** @returns whether it went to the server */
  send(code: number, payload: readonly number[]): boolean {
    const before = this.forwarded.length;
    this.#command.begin(code, 0);
    const frame: Frame = { sequenceId: 0, lastSequenceId: 0, payload: Buffer.from([code, ...payload]) };
    this.#statements.dispatch(frame, code);
    return this.forwarded.length > before;
  }

  /** @param id that the server gives; null: it fails @returns whether it went to the server */
  prepare(id: number | null): boolean {
    if (!this.send(Command.COM_STMT_PREPARE, text('SELECT 1'))) return false;
    if (id === null) {
      this.#command.failed = true;
    } else {
      const prepareOk = { statementId: id, numColumns: 0, numParams: 0, warningCount: 0 };
      this.#statements.packet({ kind: 'prepareOk', prepareOk } as ResponseEvent);
    }
    this.#statements.complete(this.#command);
    return true;
  }

  reset(failed: boolean): void {
    this.#command.begin(Command.COM_RESET_CONNECTION, 0);
    this.#command.followUp = 'resetConnection';
    this.#command.failed = failed;
    this.#statements.complete(this.#command);
  }

  clear(): void {
    this.#statements.clear();
  }
}

describe('PassedStatements', () => {
  it('counts statements that the server has made and the client has not closed', () => {
    const lab = new Lab(2);
    expect([lab.prepare(1), lab.prepare(null), lab.prepare(2), lab.prepare(3)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(lab.answered).toEqual([1461]);
    // An id that was never given frees nothing.
    expect(lab.send(Command.COM_STMT_CLOSE, int(4, 77))).toBe(true);
    expect(lab.prepare(3)).toBe(false);
    expect(lab.send(Command.COM_STMT_CLOSE, int(4, 1))).toBe(true);
    expect([lab.prepare(3), lab.prepare(4)]).toEqual([true, false]);
  });

  it('starts anew when the server has forgotten them', () => {
    const lab = new Lab(1);
    expect(lab.prepare(1)).toBe(true);
    lab.reset(true);
    expect(lab.prepare(2)).toBe(false);
    lab.reset(false);
    expect([lab.prepare(2), lab.prepare(3)]).toEqual([true, false]);
    lab.clear();
    expect(lab.prepare(3)).toBe(true);
  });

  it('runs no older statement for the id -1 behind a PREPARE that it refused', () => {
    const lab = new Lab(1);
    lab.prepare(1);
    expect(lab.send(Command.COM_STMT_EXECUTE, [...int(4, LAST), 0, ...int(4, 1)])).toBe(true);
    expect(lab.prepare(2)).toBe(false);
    expect(lab.send(Command.COM_STMT_EXECUTE, [...int(4, LAST), 0, ...int(4, 1)])).toBe(false);
    expect(lab.send(Command.COM_STMT_SEND_LONG_DATA, [...int(4, LAST), 0, 0, 1])).toBe(false);
    expect(lab.answered).toEqual([1461, 1243]);
    // Others pass by their ids.
    expect(lab.send(Command.COM_STMT_EXECUTE, [...int(4, 1), 0, ...int(4, 1)])).toBe(true);
    lab.send(Command.COM_STMT_CLOSE, int(4, 1));
    expect(lab.prepare(5)).toBe(true);
    expect(lab.send(Command.COM_STMT_EXECUTE, [...int(4, LAST), 0, ...int(4, 1)])).toBe(true);
  });

  it('refuses what is too short to name a statement', () => {
    expect(() => new Lab(1).send(Command.COM_STMT_CLOSE, [1])).toThrow(/malformed packet/);
  });
});
