import { describe, expect, it } from 'vitest';
import { PacketFramer } from '../../src/protocol/packet-framer.js';
import { withHeader } from '../../src/session/relay.js';
import { packet, text } from '../support/wire.js';

describe('withHeader', () => {
  const bytes = Buffer.from([...packet(0, text('first')), ...packet(0, text('second'))]);

  it('is the packet as it came, without a copy', () => {
    const framer = new PacketFramer(1000);
    framer.push(bytes);
    const first = framer.next();
    const second = framer.next();
    const whole = withHeader(second ?? { sequenceId: 0, lastSequenceId: 0, payload: Buffer.alloc(0) });
    expect(first?.payload.toString()).toBe('first');
    expect(whole).toEqual(Buffer.from(packet(0, text('second'))));
    expect(whole?.buffer).toBe(bytes.buffer);
  });

  it('never takes other bytes for the header', () => {
    const framer = new PacketFramer(1000);
    for (const cut of [1, 2, 3, 4, 6]) {
      framer.push(bytes.subarray(0, cut));
      framer.push(bytes.subarray(cut, 9));
      const frame = framer.next();
      if (frame === null) throw new Error('a payload expected');
      const whole = withHeader(frame);
      if (whole !== null) expect(whole).toEqual(Buffer.from(packet(0, text('first'))));
    }
    const alone = Buffer.from('xxxxpayload').subarray(4);
    expect(withHeader({ sequenceId: 0, lastSequenceId: 0, payload: alone })).toBeNull();
    expect(
      withHeader({ sequenceId: 0, lastSequenceId: 0, payload: Buffer.from(new ArrayBuffer(8)) }),
    ).toBeNull();
  });
});
