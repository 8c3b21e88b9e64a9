import { describe, expect, it } from 'vitest';
import { MalformedPacketError } from '../../src/protocol/malformed-packet-error.js';
import { ResponseStream } from '../../src/protocol/result-stream.js';
import { LegClosedError } from '../../src/session/leg.js';
import { type OwnCommand, OwnCommands } from '../../src/session/own-commands.js';
import { column, eof, lenenc, packet, packets, row } from '../support/wire.js';

const CAPABILITIES = { flags: 0, mariadb: 0 };

function start() {
  const sent: Buffer[] = [];
  const stream = new ResponseStream<OwnCommand>(CAPABILITIES, {
    relay: () => expect.unreachable('nothing of our own is relayed'),
    packet: (event, payload, command) => {
      command?.packet(event, payload);
      return null;
    },
    complete: (command) => command.complete(),
  });
  const own = new OwnCommands(CAPABILITIES, {
    expect: (kind, token) =>
      stream.expect(kind, { token, relay: false, wantRows: true, wantColumnDefinitions: true }),
    send: (bytes) => sent.push(Buffer.from(bytes)),
  });
  return { own, stream, sent };
}

describe("the proxy's own commands", () => {
  it('give their rows', async () => {
    const { own, stream, sent } = start();
    const rows = own.query('SELECT 1');
    await Promise.resolve();
    stream.push(packets([[1], column('a'), eof(), row('1'), row(null), eof()]));
    expect(await rows).toEqual([[Buffer.from('1')], [null]]);
    expect(Buffer.concat(sent).toString('latin1')).toContain('SELECT 1');
  });

  it('keep no answer that has no end', () => {
    const { own, stream } = start();
    own.query('SELECT 1').catch(() => undefined);
    stream.push(packets([[1], column('a'), eof()]));
    const large = Buffer.from(packet(4, lenenc('x'.repeat(1 << 16))));
    const flood = (): void => {
      for (let i = 0; i < 2_000; i += 1) stream.push(large);
    };
    expect(flood).toThrow(MalformedPacketError);
  });

  it('fail together with the connection, those issued later too', async () => {
    const { own } = start();
    const first = own.query('SELECT 1');
    own.failAll(new LegClosedError('backend'));
    await expect(first).rejects.toBeInstanceOf(LegClosedError);
    await expect(own.prepare('SELECT 2')).rejects.toBeInstanceOf(LegClosedError);
  });
});
