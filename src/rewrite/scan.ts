import { TokenBuffer } from './tokens.js';

/**
 * What one statement is made of: the key of its shape and where its literals and comments ("slots") are.
 *
 * Rows of a multi-row INSERT that have the same shape as the row before are left out of the shape, so that any number
 * of rows shares one plan. Such a repeated stretch is a unit: from the end of the row before to the end of the row.
 * "Collapsed" ordinals count slots or parameters in the reduced statement, which holds every unit once; a unit's
 * repetition r (0 … unitRepeat - 1) has its own slots. Without repeated rows both counts are the same.
 *
 * One object is reused for all statements of a Scanner: valid until its next scan.
 */
export class Scan {
  statement: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** All tokens of the statement, repeated rows included. */
  readonly tokens = new TokenBuffer();
  /** Equal keys mean equal text outside literals and comments, and equal kinds of these. Empty if not cacheable. */
  key = '';
  /** False: the shape is too long, or could be confused with another. The reduced statement is then the statement. */
  cacheable = false;
  /** Offset of what the lexer could not read, to the end; -1: it could read all. */
  invalidAt = -1;

  slotCount = 0;
  slotStart = new Uint32Array(64);
  slotEnd = new Uint32Array(64);
  /** TokenKind of a literal, or Comment */
  slotKind = new Uint8Array(64);
  parameterCount = 0;

  collapsedSlotCount = 0;
  collapsedParameterCount = 0;
  unitCount = 0;
  /** How often the unit occurs, at least 1. */
  unitRepeat = new Uint32Array(16);
  /** Collapsed ordinal of the unit's first slot. */
  unitFirstSlot = new Uint32Array(16);
  /** Slots of one repetition. */
  unitSlots = new Uint32Array(16);
  unitFirstParameter = new Uint32Array(16);
  unitParameters = new Uint32Array(16);
  /** Bytes of the first repetition in the statement. */
  unitStart = new Uint32Array(16);
  unitEnd = new Uint32Array(16);
  /** Where the last repetition ends in the statement. */
  unitLastEnd = new Uint32Array(16);

  /** Index into slotStart … of a collapsed slot; `repetition` counts only inside a unit. */
  slotAt(collapsed: number, repetition: number): number {
    return this.actual(collapsed, repetition, this.unitFirstSlot, this.unitSlots);
  }

  /** Number of the statement's parameter, from 0, of a collapsed parameter. */
  parameterAt(collapsed: number, repetition: number): number {
    return this.actual(collapsed, repetition, this.unitFirstParameter, this.unitParameters);
  }

  private actual(collapsed: number, repetition: number, first: Uint32Array, size: Uint32Array): number {
    let dropped = 0;
    for (let unit = 0; unit < this.unitCount; unit++) {
      const from = first[unit] as number;
      const length = size[unit] as number;
      if (collapsed < from) break;
      if (collapsed < from + length) return collapsed + dropped + repetition * length;
      dropped += ((this.unitRepeat[unit] as number) - 1) * length;
    }
    return collapsed + dropped;
  }

  /** The unit that holds a collapsed slot, or -1. */
  unitOfSlot(collapsed: number): number {
    for (let unit = 0; unit < this.unitCount; unit++) {
      const from = this.unitFirstSlot[unit] as number;
      if (collapsed >= from && collapsed < from + (this.unitSlots[unit] as number)) return unit;
    }
    return -1;
  }

  /** Offset of a unit's first byte in the reduced statement. */
  reducedUnitStart(unit: number): number {
    let dropped = this.start;
    for (let before = 0; before < unit; before++) dropped += this.droppedBytes(before);
    return (this.unitStart[unit] as number) - dropped;
  }

  /** Offset behind a unit's last byte in the reduced statement. */
  reducedUnitEnd(unit: number): number {
    return this.reducedUnitStart(unit) + (this.unitEnd[unit] as number) - (this.unitStart[unit] as number);
  }

  /**
   * A copy of the statement in which every unit occurs once, in the client's own bytes: what planning works on. Its
   * slots and parameters, counted from 0, are the collapsed ones.
   */
  reduce(): Buffer {
    const pieces: Buffer[] = [];
    let from = this.start;
    for (let unit = 0; unit < this.unitCount; unit++) {
      if ((this.unitRepeat[unit] as number) === 1) continue;
      pieces.push(this.statement.subarray(from, this.unitEnd[unit] as number));
      from = this.unitLastEnd[unit] as number;
    }
    pieces.push(this.statement.subarray(from, this.end));
    return Buffer.concat(pieces);
  }

  private droppedBytes(unit: number): number {
    return (this.unitLastEnd[unit] as number) - (this.unitEnd[unit] as number);
  }

  /** Makes room for one slot a token. @internal */
  reserveSlots(count: number): void {
    const capacity = this.slotKind.length;
    // A huge statement's arrays are given back at the next small one.
    if (count <= capacity && (capacity <= 1 << 20 || count > 1 << 16)) return;
    const size = Math.max(64, 2 ** Math.ceil(Math.log2(count)));
    this.slotStart = new Uint32Array(size);
    this.slotEnd = new Uint32Array(size);
    this.slotKind = new Uint8Array(size);
  }

  /** @internal */
  reserveUnit(): void {
    if (this.unitCount < this.unitRepeat.length) return;
    this.unitRepeat = doubled(this.unitRepeat);
    this.unitFirstSlot = doubled(this.unitFirstSlot);
    this.unitSlots = doubled(this.unitSlots);
    this.unitFirstParameter = doubled(this.unitFirstParameter);
    this.unitParameters = doubled(this.unitParameters);
    this.unitStart = doubled(this.unitStart);
    this.unitEnd = doubled(this.unitEnd);
    this.unitLastEnd = doubled(this.unitLastEnd);
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
