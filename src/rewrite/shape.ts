import type { Dialect } from './dialect.js';
import { lex } from './lexer.js';
import { Scan } from './scan.js';
import { isTriviaKind, TokenKind } from './tokens.js';

export { Scan } from './scan.js';

/** V8 hashes longer strings by their length alone, so that a client could make all its keys collide. */
const LONGEST_KEY = 16_383;
const CONTEXT_BYTES = 4;

/** Written for a literal: its TokenKind less this, 1 to 7. */
const MARKER_OFFSET = TokenKind.String - 1;
const COMMENT_MARKER = 8;
const LOWEST_TEXT_BYTE = 0x09;

const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;

/** How far the reading of `VALUES (…), (…)` has come. */
const Phase = {
  BeforeValues: 0,
  /** behind VALUES, a row must follow at once */
  BehindValues: 1,
  InRow: 2,
  BehindRow: 3,
  BehindComma: 4,
  /** no row run can follow */
  Done: 5,
} as const;

/** Statements that can have rows, by their first word. */
const ROW_STATEMENTS = words('insert', 'replace', 'values', 'explain', 'describe', 'desc', 'analyze');
/** Behind these, `VALUES (…), (…)` outside parentheses may be a function call in a list: no rows. */
const END_OF_ROWS = words('select', 'set', 'table', 'with', 'on', 'where', 'update', 'from');
const VALUES = words('values', 'value');

function words(...list: readonly string[]): readonly Buffer[] {
  return list.map((word) => Buffer.from(word, 'latin1'));
}

/**
 * Turns statements into shapes: the key of the plan cache and the places of the literals. One a session or process,
 * since it reuses its buffers; synchronous.
 */
export class Scanner {
  private readonly result = new Scan();
  /** Context, then shape. Room for a whole key and a unit that is dropped again. */
  private readonly shape = Buffer.alloc(2 * LONGEST_KEY);
  private length = 0;
  /** Negative when a byte below 0x09 was copied, which could be taken for a marker. */
  private low = 0;
  private slots = 0;
  private parameters = 0;
  /** Where the last row ended: in the statement (0: there is none), in the shape, and slots and parameters so far. */
  private rowEnd = 0;
  private rowShape = 0;
  private rowSlots = 0;
  private rowParameters = 0;
  /** Where the shape of the last kept unit begins, and what repeated rows took out so far. */
  private unitShape = 0;
  private droppedSlots = 0;
  private droppedParameters = 0;

  /**
   * @param contextId stands for everything besides the text that decides a plan: dialect, schema, configuration …
   * @returns the Scanner's own object, valid until the next scan
   */
  scan(statement: Buffer, start: number, end: number, dialect: Dialect, contextId: number): Scan {
    const { result, shape } = this;
    const { tokens } = result;
    lex(statement, start, end, dialect, tokens);
    const last = tokens.length - 1;
    const invalid = last >= 0 && tokens.kind[last] === TokenKind.Invalid;
    result.reserveSlots(tokens.length);
    result.statement = statement;
    result.start = start;
    result.end = end;
    result.unitCount = 0;
    result.invalidAt = invalid ? (tokens.start[last] as number) : -1;
    shape[0] = contextId >>> 24;
    shape[1] = contextId >>> 16;
    shape[2] = contextId >>> 8;
    shape[3] = contextId;
    this.length = CONTEXT_BYTES;
    this.low = 0;
    this.slots = 0;
    this.parameters = 0;
    this.rowEnd = 0;
    this.droppedSlots = 0;
    this.droppedParameters = 0;

    if (hasRows(result)) this.copyWithRows();
    else this.copy();

    result.cacheable = !invalid && this.low >= 0 && this.length <= LONGEST_KEY;
    if (result.cacheable) {
      result.key = shape.toString('latin1', 0, this.length);
    } else {
      result.key = '';
      result.unitCount = 0;
      this.droppedSlots = 0;
      this.droppedParameters = 0;
    }
    result.slotCount = this.slots;
    result.parameterCount = this.parameters;
    result.collapsedSlotCount = this.slots - this.droppedSlots;
    result.collapsedParameterCount = this.parameters - this.droppedParameters;
    return result;
  }

  /** The shape of a statement without rows. */
  private copy(): void {
    const { tokens, start, end } = this.result;
    const kinds = tokens.kind;
    const count = tokens.length;
    let from = start;
    for (let index = 0; index < count; index++) {
      const kind = kinds[index] as number;
      if (isSlot(kind)) from = this.addSlot(from, index, kind);
      else if (kind === TokenKind.Parameter) this.parameters++;
    }
    this.copyText(from, end);
  }

  /** The shape of a statement that may have rows, repeated ones left out. */
  private copyWithRows(): void {
    const { result } = this;
    const { statement, tokens, start, end } = result;
    const count = tokens.length;
    let from = start;
    let depth = 0;
    let phase: number = Phase.BeforeValues;
    for (let index = 0; index < count; index++) {
      const kind = tokens.kind[index] as number;
      if (isSlot(kind)) {
        from = this.addSlot(from, index, kind);
        if (kind === TokenKind.Comment) continue;
      } else if (kind === TokenKind.Parameter) {
        this.parameters++;
      }
      if (phase === Phase.Done) continue;

      const at = tokens.start[index] as number;
      const sign = kind === TokenKind.Punctuation ? (statement[at] as number) : 0;
      if (sign === OPEN) depth++;
      else if (sign === CLOSE) depth--;
      switch (phase) {
        case Phase.InRow:
          if (sign === CLOSE && depth === 0) {
            this.copyText(from, at + 1);
            from = at + 1;
            this.closeRow(from);
            phase = Phase.BehindRow;
          }
          continue;
        case Phase.BehindRow:
          if (sign === COMMA) {
            phase = Phase.BehindComma;
            continue;
          }
          break;
        case Phase.BehindValues:
        case Phase.BehindComma:
          if (sign === OPEN) {
            phase = Phase.InRow;
            continue;
          }
          break;
        default:
      }
      if (result.unitCount > 0) {
        phase = Phase.Done;
        continue;
      }
      // Also behind one row: it may be the column list of a table named `value`.
      phase = Phase.BeforeValues;
      this.rowEnd = 0;
      if (kind === TokenKind.Word && depth === 0) {
        const behind = tokens.end[index] as number;
        if (isOneOf(statement, at, behind, VALUES)) phase = Phase.BehindValues;
        else if (isOneOf(statement, at, behind, END_OF_ROWS)) phase = Phase.Done;
      }
    }
    this.copyText(from, end);
  }

  /** Keeps a row's unit, or drops it as a repetition of the unit before. */
  private closeRow(end: number): void {
    const { result } = this;
    const first = this.rowEnd === 0;
    const slots = this.slots - this.rowSlots;
    const parameters = this.parameters - this.rowParameters;
    const last = result.unitCount - 1;
    if (!first && last >= 0 && this.repeatsLastUnit()) {
      result.unitRepeat[last] = (result.unitRepeat[last] as number) + 1;
      result.unitLastEnd[last] = end;
      this.droppedSlots += slots;
      this.droppedParameters += parameters;
      this.length = this.rowShape;
    } else if (!first) {
      result.reserveUnit();
      const unit = result.unitCount++;
      result.unitRepeat[unit] = 1;
      result.unitFirstSlot[unit] = this.rowSlots - this.droppedSlots;
      result.unitSlots[unit] = slots;
      result.unitFirstParameter[unit] = this.rowParameters - this.droppedParameters;
      result.unitParameters[unit] = parameters;
      result.unitStart[unit] = this.rowEnd;
      result.unitEnd[unit] = end;
      result.unitLastEnd[unit] = end;
      this.unitShape = this.rowShape;
    }
    this.rowEnd = end;
    this.rowShape = this.length;
    this.rowSlots = this.slots;
    this.rowParameters = this.parameters;
  }

  /** Whether the shape since the last row's end is that of the last kept unit, which stands right before it. */
  private repeatsLastUnit(): boolean {
    const { shape, unitShape, rowShape } = this;
    const size = this.length - rowShape;
    if (size !== rowShape - unitShape) return false;
    for (let i = 0; i < size; i++) {
      if (shape[unitShape + i] !== shape[rowShape + i]) return false;
    }
    return true;
  }

  /** Copies the text from `from` to the token, then the token's marker; returns where text goes on. */
  private addSlot(from: number, index: number, kind: number): number {
    const { result, shape } = this;
    const at = result.tokens.start[index] as number;
    const end = result.tokens.end[index] as number;
    this.copyText(from, at);
    if (this.length < shape.length) {
      shape[this.length] = kind === TokenKind.Comment ? COMMENT_MARKER : kind - MARKER_OFFSET;
    }
    this.length++;
    const slot = this.slots++;
    result.slotStart[slot] = at;
    result.slotEnd[slot] = end;
    result.slotKind[slot] = kind;
    return end;
  }

  /** Appends text to the shape; what has no room only counts, and makes the statement not cacheable. */
  private copyText(from: number, to: number): void {
    const { shape } = this;
    const { statement } = this.result;
    let length = this.length;
    if (length + to - from > shape.length) {
      // A dropped unit does not bring the length back below the limit: its shape was not compared.
      this.low = -1;
      this.length = shape.length + 1;
      return;
    }
    let low = this.low;
    for (let at = from; at < to; at++) {
      const byte = statement[at] as number;
      low |= byte - LOWEST_TEXT_BYTE;
      shape[length++] = byte;
    }
    this.low = low;
    this.length = length;
  }
}

function isSlot(kind: number): boolean {
  return (kind >= TokenKind.String && kind <= TokenKind.Float) || kind === TokenKind.Comment;
}

/** Whether the statement's first word is one of those that can have rows. */
function hasRows(scan: Scan): boolean {
  const { tokens } = scan;
  let index = 0;
  while (index < tokens.length && isTriviaKind(tokens.kind[index] as number)) index++;
  if (index === tokens.length || tokens.kind[index] !== TokenKind.Word) return false;
  return isOneOf(scan.statement, tokens.start[index] as number, tokens.end[index] as number, ROW_STATEMENTS);
}

/** Whether a word is in a list, ignoring the case of ASCII letters. */
function isOneOf(statement: Buffer, start: number, end: number, list: readonly Buffer[]): boolean {
  const length = end - start;
  for (const word of list) {
    if (word.length !== length) continue;
    let i = 0;
    while (i < length && ((statement[start + i] as number) | 0x20) === word[i]) i++;
    if (i === length) return true;
  }
  return false;
}
