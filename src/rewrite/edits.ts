import type { Span } from './parser/ast.js';
import type { BackendParameter, NamePart, StaticOp, TemplateOp, TemplateSegment } from './plan.js';

const QUESTION_MARK = Buffer.from('?');

/** What an edit puts in the place of its span. `inner()` renders the span with the edits inside it. */
export type EditContent = (inner: () => TemplateOp[]) => TemplateOp[];

interface Edit extends Span {
  readonly order: number;
  readonly content: EditContent;
}

/** A literal, comment or `?` of the statement: what the template takes from each execution. */
export interface SlotSpan extends Span {
  readonly kind: 'slot' | 'parameter';
  /** Slot ordinal, or parameter ordinal. */
  readonly ordinal: number;
}

/** A row unit of the reduced statement (shape.ts). */
export interface UnitSpan extends Span {
  readonly unit: number;
}

/**
 * Edits of one statement, by span of the original text; they may nest, never overlap otherwise. Everything outside
 * them stays byte for byte.
 */
export class Edits {
  private readonly edits: Edit[] = [];
  private readonly statement: Buffer;
  private readonly slots: readonly SlotSpan[];
  private sorted = true;

  constructor(statement: Buffer, slots: readonly SlotSpan[]) {
    this.statement = statement;
    this.slots = slots;
  }

  get isEmpty(): boolean {
    return this.edits.length === 0;
  }

  /** Spans of all edits, for the check that all else is untouched. */
  get spans(): readonly Span[] {
    return this.edits;
  }

  replace(start: number, end: number, content: EditContent): void {
    this.edits.push({ start, end, order: this.edits.length, content });
    this.sorted = false;
  }

  insert(at: number, ops: TemplateOp[]): void {
    this.replace(at, at, () => ops);
  }

  /** The slots whose tokens lie inside a span. */
  slotsWithin(span: Span): number[] {
    const found: number[] = [];
    for (let index = this.firstSlotAt(span.start); index < this.slots.length; index++) {
      const slot = this.slots[index]!;
      if (slot.end > span.end) break;
      if (slot.kind === 'slot') found.push(slot.ordinal);
    }
    return found;
  }

  /** How many edits there are so far: rules compare it to see whether a part of the statement was changed. */
  get count(): number {
    return this.edits.length;
  }

  /** The client's own text of a span, whatever is edited in it. */
  originalText(span: Span): NamePart[] {
    const ops: TemplateOp[] = [];
    this.renderText(span.start, span.end, ops);
    return ops.map((op) => {
      if (op.kind === 'static' || op.kind === 'slot') return op;
      return { kind: 'static', bytes: QUESTION_MARK };
    });
  }

  /** The client's own text of a span, once more: its literals and parameters with it. */
  copy(span: Span): TemplateOp[] {
    const ops: TemplateOp[] = [];
    this.renderText(span.start, span.end, ops);
    return ops;
  }

  /** The text between two offsets with every edit in it made. */
  render(start: number, end: number): TemplateOp[] {
    this.sort();
    return this.renderRange(start, end, 0, this.edits.length);
  }

  /** The whole statement cut at the borders of its row units, parts not yet merged. */
  segments(units: readonly UnitSpan[]): TemplateSegment[] {
    const segments: TemplateSegment[] = [];
    let position = 0;
    const add = (unit: number, from: number, to: number): void => {
      const ops = this.render(from, to);
      if (ops.length > 0) segments.push({ unit, ops });
    };
    this.sort();
    for (const unit of units) {
      for (const edit of this.edits) {
        const outside = edit.end <= unit.start || edit.start >= unit.end;
        const inside = edit.start >= unit.start && edit.end <= unit.end;
        if (!outside && !inside) throw new Error('an edit crosses the border of a row');
      }
      add(-1, position, unit.start);
      add(unit.unit, unit.start, unit.end);
      position = unit.end;
    }
    add(-1, position, this.statement.length);
    return segments;
  }

  private sort(): void {
    if (this.sorted) return;
    // Insertions at one place stay in the order they were made, before what begins there. Of two edits of one span
    // the later wraps the earlier.
    this.edits.sort(
      (a, b) =>
        a.start - b.start ||
        insertionFirst(a, b) ||
        b.end - a.end ||
        (a.start === a.end ? a.order - b.order : b.order - a.order),
    );
    this.sorted = true;
  }

  private renderRange(start: number, end: number, from: number, to: number): TemplateOp[] {
    const ops: TemplateOp[] = [];
    let position = start;
    let index = from;
    while (index < to) {
      const edit = this.edits[index]!;
      if (edit.start < position || (edit.start === edit.end && edit.start < start)) {
        index++;
        continue;
      }
      // Half open: what is inserted at the end belongs to the range that begins there, if one does.
      if (edit.start > end || (edit.start === end && (edit.end > end || end < this.statement.length))) break;
      if (edit.end > end) throw new Error('edits overlap');
      this.renderText(position, edit.start, ops);
      let last = index + 1;
      while (last < to && this.edits[last]!.end <= edit.end && this.edits[last]!.start < edit.end) last++;
      const first = index + 1;
      const content = edit.content(() => this.renderRange(edit.start, edit.end, first, last));
      // SELECT`email`: what stands for a quoted name must not run into the word before it.
      const wasQuoted = edit.start < edit.end && !isWordByte(this.statement[edit.start]);
      if (wasQuoted && isWordByte(this.statement[edit.start - 1]) && beginsWithWord(content)) ops.push(SPACE);
      ops.push(...content);
      position = edit.end;
      index = edit.start === edit.end ? index + 1 : last;
    }
    this.renderText(position, end, ops);
    return ops;
  }

  private renderText(start: number, end: number, ops: TemplateOp[]): void {
    let position = start;
    for (let index = this.firstSlotAt(start); index < this.slots.length; index++) {
      const slot = this.slots[index]!;
      if (slot.start >= end) break;
      if (slot.start > position) ops.push(this.original(position, slot.start));
      ops.push(
        slot.kind === 'slot'
          ? { kind: 'slot', slot: slot.ordinal }
          : {
              kind: 'parameter',
              parameter: { source: 'client', ordinal: slot.ordinal, role: { kind: 'plain' } },
            },
      );
      position = slot.end;
    }
    if (position < end) ops.push(this.original(position, end));
  }

  private original(start: number, end: number): StaticOp {
    return { kind: 'static', bytes: Buffer.from(this.statement.subarray(start, end)), origin: start };
  }

  private firstSlotAt(offset: number): number {
    let low = 0;
    let high = this.slots.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.slots[middle]!.start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const SPACE: StaticOp = { kind: 'static', bytes: Buffer.from(' ') };

function beginsWithWord([first]: readonly TemplateOp[]): boolean {
  return first?.kind === 'static' && isWordByte(first.bytes[0]);
}

/** Letters, digits, `_`, `$` and all beyond ASCII. */
function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return /[0-9A-Za-z_$\x80-\xff]/.test(String.fromCharCode(byte));
}

function insertionFirst(a: Edit, b: Edit): number {
  const first = a.start === a.end ? 0 : 1;
  const second = b.start === b.end ? 0 : 1;
  return first - second;
}

/** SQL text of our own; only ASCII or text that came out of the statement as latin1 may be in it. */
export function text(sql: string): TemplateOp {
  return { kind: 'static', bytes: Buffer.from(sql, 'latin1') };
}

/** Joins neighbouring static parts, so that an execution copies as few pieces as possible. */
export function mergeStatics(ops: readonly TemplateOp[]): TemplateOp[] {
  const merged: TemplateOp[] = [];
  let pending: Buffer[] = [];
  const flush = (): void => {
    if (pending.length > 0) merged.push({ kind: 'static', bytes: Buffer.concat(pending) });
    pending = [];
  };
  for (const op of ops) {
    if (op.kind === 'static') {
      if (op.bytes.length > 0) pending.push(op.bytes);
    } else {
      flush();
      merged.push(op);
    }
  }
  flush();
  return merged;
}

/** The `?` of a rewritten statement in their order of appearance. */
export function parametersOf(segments: readonly TemplateSegment[]): BackendParameter[] {
  const parameters: BackendParameter[] = [];
  for (const segment of segments) {
    for (const op of segment.ops) {
      if (op.kind === 'parameter') parameters.push(op.parameter);
      else if (op.kind === 'equality') {
        for (const constant of op.constants) {
          if (constant.kind === 'parameter') parameters.push(constant.parameter);
        }
        parameters.push(...op.passes);
      } else if (op.kind === 'either') {
        parameters.push(...parametersOf([{ unit: -1, ops: op.backend }]));
      }
    }
  }
  return parameters;
}
