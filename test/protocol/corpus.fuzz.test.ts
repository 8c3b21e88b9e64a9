import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedPacketError } from '../../src/protocol/malformed-packet-error.js';
import { mutated, randomOf } from '../support/byte-mutations.js';
import { MESSAGES, type MessageCodec, type MessageContext } from '../support/message-codecs.js';
import { type CapturedMessage, readCorpusFile } from '../support/message-corpus.js';
import { column, eof, err, int, lenenc, nul, ok, row } from '../support/wire.js';

/*
 * Decoders on payloads that drivers and servers have sent (test/integration/protocol-corpus.test.ts captures them), as
 * they came and damaged.
 */
const CORPUS = join(import.meta.dirname, 'corpus');
const RUNS = 600;
/** More than any payload whose decoder may take its time; read in well under a second. */
const LARGE = 1 << 18;
const LARGE_BOUND_MS = 1_500;

const corpus: CapturedMessage[] = readdirSync(CORPUS)
  .filter((file) => file.endsWith('.hex'))
  .flatMap((file) => readCorpusFile(file, readFileSync(join(CORPUS, file), 'utf8')));

const names = Object.keys(MESSAGES);
const BARE: MessageContext = { capabilities: { flags: 0, mariadb: 0 }, types: [] };

/** For messages that the captured conversations do not have. */
const BUILT: Readonly<
  Record<string, readonly (readonly [payload: readonly number[], types?: readonly number[]])[]>
> = {
  SslRequest: [[[0, 0x8a, 0, 0, ...int(28, 0)]]],
  AuthMoreData: [[[1, 4]], [[1, 3]]],
  AuthSwitchRequest: [[[0xfe, ...nul('client_ed25519'), ...int(20, 7)]]],
  ComStmtBulkExecute: [
    [
      [0xfa, ...int(4, 9), ...int(2, 128), 3, 0x80, 0xfd, 0, 0, ...int(4, 7), 0, ...lenenc('x'), 1, 2],
      [3, 0xfd],
    ],
  ],
  EofPacket: [[eof()]],
  ErrPacket: [[err()]],
  OkPacket: [[ok()]],
  ColumnDefinition41: [[column('a', 3)]],
  TextResultsetRow: [[row('a', null), [0xfd, 0xfd]]],
};

function samplesOf(name: string): CapturedMessage[] {
  const built = (BUILT[name] ?? []).map(([payload, types = []]) => ({
    name,
    payload: Buffer.from(payload),
    context: { ...BARE, types },
  }));
  return [...corpus.filter((message) => message.name === name), ...built];
}

/** What a decoder makes of a payload, in a form that can be compared. */
function outcomeOf(codec: MessageCodec, payload: Buffer, context: MessageContext): unknown {
  try {
    return codec.decode(payload, context);
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
    return `${error.message}`;
  }
}

/** The payload amid other bytes, as in a socket's chunk. */
function amid(payload: Buffer, byte: number): Buffer {
  const chunk = Buffer.alloc(payload.length + 64, byte);
  payload.copy(chunk, 32);
  return chunk.subarray(32, 32 + payload.length);
}

describe('the corpus', () => {
  it('has messages of both servers', () => {
    expect(corpus.length).toBeGreaterThan(120);
  });

  it.each(names)('%s: what was captured is written as it came', (name) => {
    const codec = MESSAGES[name] as MessageCodec;
    for (const { payload, context } of samplesOf(name)) {
      expect(codec.again(payload, context).toString('hex')).toBe(payload.toString('hex'));
    }
  });
});

describe('damaged', () => {
  it.each(names)('%s is read or refused as malformed, whatever lies around it', (name) => {
    const codec = MESSAGES[name] as MessageCodec;
    const samples = samplesOf(name);
    expect(samples.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.nat(samples.length - 1), fc.integer(), (index, seed) => {
        const sample = samples[index] as CapturedMessage;
        const payload = mutated(sample.payload, randomOf(seed));
        const alone = outcomeOf(codec, Buffer.from(payload), sample.context);
        expect(outcomeOf(codec, amid(payload, 0), sample.context)).toEqual(alone);
        expect(outcomeOf(codec, amid(payload, 0xff), sample.context)).toEqual(alone);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(names)('%s of 256 KiB takes no longer than its length', (name) => {
    const codec = MESSAGES[name] as MessageCodec;
    for (const { payload, context } of samplesOf(name).slice(0, 2)) {
      for (const byte of [0x00, 0x01, 0x02, 0xfb, 0xfe]) {
        const large = Buffer.alloc(LARGE, byte);
        payload.copy(large);
        const before = performance.now();
        outcomeOf(codec, large, context);
        expect(performance.now() - before).toBeLessThan(LARGE_BOUND_MS);
      }
    }
  });
});
