import { describe, expect, it } from 'vitest';
import { Edits, mergeStatics, parametersOf, type SlotSpan, text } from '../../src/rewrite/edits.js';
import type { TemplateOp, TemplateSegment } from '../../src/rewrite/plan.js';

function shown(ops: readonly TemplateOp[]): string {
  return ops
    .map((op) => {
      if (op.kind === 'static') return op.bytes.toString('latin1');
      return op.kind === 'slot' ? `{${op.slot}}` : op.kind === 'parameter' ? '?' : `<${op.kind}>`;
    })
    .join('');
}

function edits(sql: string, slots: readonly SlotSpan[] = []): Edits {
  return new Edits(Buffer.from(sql), slots);
}

const ALL = 'abcdefghij';

describe('Edits', () => {
  it('leaves a statement without edits as it is', () => {
    const none = edits(ALL);
    expect(none.isEmpty).toBe(true);
    expect(shown(none.render(0, 10))).toBe(ALL);
  });

  it('replaces, in whatever order the edits were made', () => {
    const made = edits(ALL);
    made.replace(6, 8, () => [text('[GH]')]);
    made.replace(1, 3, () => [text('[BC]')]);
    expect(shown(made.render(0, 10))).toBe('a[BC]def[GH]ij');
    expect(made.count).toBe(2);
  });

  it('keeps insertions at one place in the order they were made, before a replacement that begins there', () => {
    const made = edits(ALL);
    made.replace(3, 5, () => [text('[DE]')]);
    made.insert(3, [text('1')]);
    made.insert(3, [text('2')]);
    expect(shown(made.render(0, 10))).toBe('abc12[DE]fghij');
  });

  it('nests: an outer edit renders the inner ones where it asks for them', () => {
    const made = edits(ALL);
    made.replace(4, 5, () => [text('[E]')]);
    made.replace(2, 8, (inner) => [text('('), ...inner(), text(')')]);
    made.insert(6, [text('+')]);
    expect(shown(made.render(0, 10))).toBe('ab(cd[E]f+gh)ij');
  });

  it('renders inner edits twice where the outer one asks twice', () => {
    const made = edits(ALL);
    made.replace(4, 5, () => [text('E')]);
    made.replace(3, 6, (inner) => [...inner(), text('|'), ...inner()]);
    expect(shown(made.render(0, 10))).toBe('abcdEf|dEfghij');
  });

  it('wraps with the later of two edits of one span', () => {
    const made = edits(ALL);
    made.replace(2, 4, (inner) => [text('<'), ...inner(), text('>')]);
    made.replace(2, 4, (inner) => [text('('), ...inner(), text(')')]);
    expect(shown(made.render(0, 10))).toBe('ab(<cd>)efghij');
  });

  it('puts what is inserted at the end of an edit behind it', () => {
    const made = edits(ALL);
    made.replace(2, 4, (inner) => [text('('), ...inner(), text(')')]);
    made.insert(4, [text('!')]);
    expect(shown(made.render(0, 10))).toBe('ab(cd)!efghij');
  });

  it('inserts at the very end', () => {
    const made = edits(ALL);
    made.insert(10, [text('!')]);
    expect(shown(made.render(0, 10))).toBe('abcdefghij!');
  });

  it('refuses edits that overlap without nesting', () => {
    const made = edits(ALL);
    made.replace(1, 5, (inner) => inner());
    made.replace(3, 7, (inner) => inner());
    expect(() => made.segments([{ unit: 0, start: 1, end: 5 }])).toThrow('crosses the border');
  });

  it('copies slots and parameters as such, and drops those of replaced text', () => {
    const slots: SlotSpan[] = [
      { kind: 'slot', ordinal: 0, start: 1, end: 2 },
      { kind: 'parameter', ordinal: 0, start: 4, end: 5 },
      { kind: 'slot', ordinal: 1, start: 7, end: 8 },
    ];
    const made = edits(ALL, slots);
    expect(shown(made.render(0, 10))).toBe('a{0}cd?fg{1}ij');
    expect(made.slotsWithin({ start: 0, end: 8 })).toEqual([0, 1]);
    expect(made.slotsWithin({ start: 2, end: 7 })).toEqual([]);
    made.replace(3, 6, () => [text('-')]);
    expect(shown(made.render(0, 10))).toBe('a{0}c-g{1}ij');
    expect(shown(made.originalText({ start: 3, end: 8 }))).toBe('d?fg{1}');
  });

  it('cuts at row units, each with its own edits and insertions', () => {
    const made = edits('(1,2),(3,4)!');
    made.insert(2, [text('a')]);
    made.insert(7, [text('b')]);
    const segments = made.segments([
      { unit: 0, start: 0, end: 5 },
      { unit: 1, start: 5, end: 11 },
    ]);
    expect(segments.map(({ unit, ops }) => [unit, shown(ops)])).toEqual([
      [0, '(1a,2)'],
      [1, ',(b3,4)'],
      [-1, '!'],
    ]);
  });

  it('gives an insertion at the border of two units to the second, once', () => {
    const made = edits('ab');
    made.insert(1, [text('|')]);
    const segments = made.segments([
      { unit: 0, start: 0, end: 1 },
      { unit: 1, start: 1, end: 2 },
    ]);
    expect(segments.map(({ ops }) => shown(ops))).toEqual(['a', '|b']);
  });
});

describe('mergeStatics', () => {
  it('joins neighbours and drops what is empty', () => {
    const merged = mergeStatics([
      text('a'),
      text(''),
      text('b'),
      { kind: 'slot', slot: 3 },
      text(''),
      text('c'),
    ]);
    expect(merged).toHaveLength(3);
    expect(shown(merged)).toBe('ab{3}c');
  });
});

describe('parametersOf', () => {
  it('lists every ? in the order in which the server meets them', () => {
    const client = (ordinal: number): TemplateOp => ({
      kind: 'parameter',
      parameter: { source: 'client', ordinal, role: { kind: 'plain' } },
    });
    const segments: TemplateSegment[] = [
      { unit: -1, ops: [client(1), { kind: 'parameter', parameter: { source: 'tenant', type: 'string' } }] },
      { unit: 0, ops: [client(0)] },
    ];
    expect(parametersOf(segments).map((p) => (p.source === 'client' ? p.ordinal : 'tenant'))).toEqual([
      1,
      'tenant',
      0,
    ]);
  });
});
