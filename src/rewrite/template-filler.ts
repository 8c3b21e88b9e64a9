import { ProxyError } from '../errors.js';
import {
  type CharacterSets,
  type ConstantEncryption,
  isFoundByCiphertext,
  storedConstant,
  takesCiphertext,
} from './constant-form.js';
import {
  canonicalConstant,
  checkValue,
  possibleErrors,
  type StatementWarning,
  type StoredValue,
  type WrittenConstant,
} from './declared-value.js';
import type { Dialect } from './dialect.js';
import { encrypted, rechecked } from './filled-parameter.js';
import { encodeStringLiteral } from './literal.js';
import type {
  BackendParameter,
  ComparedParameter,
  EqualityConstant,
  RewritePlan,
  TemplateOp,
  TenantType,
  ValueOp,
} from './plan.js';
import type { ProtectedColumn } from './protected-table.js';
import { raising } from './raised-error.js';
import { readConstant } from './read-constant.js';
import type { FillContext, RewriteContext } from './rewriter.js';
import type { Scan } from './scan.js';
import { requireInteger } from './tenant-integer.js';
import { refuseOffset } from './time-zone-offset.js';

const COMMA = Buffer.from(',');
const SPACE = Buffer.from(' ');
const OR = Buffer.from(' OR ');
const OPEN = Buffer.from('(');
const CLOSE = Buffer.from(')');
const TRUE = Buffer.from('1');
/** In the place of a comparison, which may have had no space around it. */
const TRUE_IN_PARENTHESES = Buffer.from('(1)');
const NULL = Buffer.from('NULL');
const MINUS = Buffer.from('-');
const QUESTION_MARK = Buffer.from('?');

const LONGEST_NAME = 255;

/** Above this a statement's buffer is given back after use. */
const KEEP_BYTES = 1 << 20;

/** Writes a plan's template with the slots of one statement. One a rewriter; its buffers are reused. */
export class TemplateFiller {
  private out = Buffer.allocUnsafe(16_384);
  private length = 0;
  private scan!: Scan;
  private dialect!: Dialect;
  private utf8 = false;
  private utf8mb3 = false;
  private repetition = 0;
  /** 1-based row of the VALUES list that is written. */
  private row = 1;
  private tenant: string | null = null;
  private constants: ConstantEncryption | undefined;
  private sets: CharacterSets = { client: '', connection: '' };
  /** Inside a comparison that is left out. */
  private skips = false;
  /** Parameters of the comparison that is written, where it follows one by ciphertext; null: none such. */
  private rechecked: readonly ComparedParameter[] | null = null;
  private readonly tenantLiterals = new Map<string, Buffer>();
  /** What fills each `?` of the text written last, in order: those of a repeated row stand for parameters of their own. */
  parameters: BackendParameter[] = [];
  /** What the server would say of the values written last. */
  warnings: StatementWarning[] | null = null;

  /**
   * @returns a buffer of its own, with `headroom` free bytes in front.
   * @throws ProxyError, ServerError when a value is refused
   */
  fill(
    plan: RewritePlan,
    scan: Scan,
    { dialect, characterSetConnection }: RewriteContext,
    context: FillContext,
    headroom: number,
  ): Buffer {
    this.scan = scan;
    this.dialect = dialect;
    this.utf8 = /^utf8/.test(dialect.characterSetClient);
    this.utf8mb3 = /^utf8(mb3)?$/.test(dialect.characterSetClient);
    this.tenant = context.tenant;
    this.constants = context.constants;
    const client = dialect.characterSetClient;
    this.sets = { client, connection: characterSetConnection ?? client };
    this.skips = false;
    this.rechecked = null;
    this.length = headroom;
    this.parameters = [];
    this.warnings = null;
    const { segments } = plan;
    for (let index = 0; index < segments.length; index++) {
      const { unit, ops } = segments[index]!;
      const repeat = unit < 0 || unit >= scan.unitCount ? 1 : scan.unitRepeat[unit]!;
      const rowsBefore = this.rowsBefore(unit);
      for (let repetition = 0; repetition < repeat; repetition++) {
        this.repetition = repetition;
        this.row = rowsBefore + repetition + 1;
        for (let at = 0; at < ops.length; at++) this.write(ops[at]!);
      }
    }
    const filled = Buffer.allocUnsafe(this.length);
    this.out.copy(filled, headroom, headroom, this.length);
    if (this.out.length > KEEP_BYTES) this.out = Buffer.allocUnsafe(16_384);
    return filled;
  }

  private write(op: TemplateOp): void {
    if (this.skips && op.kind !== 'recheckEnd') return;
    switch (op.kind) {
      case 'static':
        this.append(op.bytes);
        return;
      case 'slot': {
        const slot = this.slot(op.slot);
        this.appendRange(this.scan.statement, this.scan.slotStart[slot]!, this.scan.slotEnd[slot]!);
        return;
      }
      case 'tenant':
        this.append(this.tenantLiteral(op.type));
        return;
      case 'tenantCheck':
        this.checkTenant(op.slots, op.type);
        return;
      case 'noOffset':
        this.checkOffset(op.slots);
        return;
      case 'value':
        this.writeValue(op);
        return;
      case 'tooLong':
        this.append(Buffer.from(raising(possibleErrors(op.column, op.origin, this.row)[0]!)));
        return;
      case 'equality':
        this.writeEquality(op);
        return;
      case 'either': {
        const ops = this.takesCiphertext(op.column) ? op.proxy : op.backend;
        for (let index = 0; index < ops.length; index++) this.write(ops[index]!);
        return;
      }
      case 'recheck':
        this.beginRecheck(op);
        return;
      case 'recheckEnd':
        this.endRecheck();
        return;
      case 'name':
        this.writeName(op);
        return;
      case 'parameter':
        this.writeParameter(op.parameter);
    }
  }

  private checkOffset(slots: readonly number[]): void {
    const value = this.constant(slots, false);
    if (value.kind === 'number') return;
    refuseOffset(
      value.bytes.toString('latin1'),
      this.scan.slotStart[this.slot(slots[0]!)]! - this.scan.start,
    );
  }

  private writeParameter(given: BackendParameter): void {
    this.append(QUESTION_MARK);
    const parameter = this.rechecked === null ? given : rechecked(given, this.rechecked);
    this.parameters.push(
      parameter.source === 'client'
        ? {
            ...parameter,
            ordinal: this.scan.parameterAt(parameter.ordinal, this.repetition),
            ...(this.row > 1 ? { row: this.row } : {}),
          }
        : parameter,
    );
  }

  /** The server's own rule for names of expressions: 255 bytes. */
  private writeName(op: TemplateOp & { kind: 'name' }): void {
    const pieces = op.parts.map((part) => {
      if (part.kind === 'static') return part.bytes;
      const slot = this.slot(part.slot);
      return this.scan.statement.subarray(this.scan.slotStart[slot]!, this.scan.slotEnd[slot]!);
    });
    const joined = Buffer.concat(pieces);
    // Names hold no characters beyond U+FFFF: MariaDB refuses one that does (1300).
    const whole = this.utf8
      ? Buffer.from(joined.toString('utf8').replace(/[\u{10000}-\u{10ffff}]/gu, '?'))
      : joined;
    let end = Math.min(whole.length, LONGEST_NAME);
    if (this.utf8) while (end < whole.length && (whole[end]! & 0xc0) === 0x80) end--;
    const name = whole.toString('latin1', 0, end);
    this.append(Buffer.from(`\`${name.replaceAll('`', '``')}\``, 'latin1'));
  }

  private writeValue(op: ValueOp): void {
    const value = this.constant(op.slots, op.negative);
    const { column, origin, lenient, reports } = op;
    const stored = checkValue(column, value, {
      lenient,
      reports: reports !== undefined,
      utf8: this.utf8,
      utf8mb3: this.utf8mb3,
      row: this.row,
      origin,
    });
    if (stored.kind === 'text' && stored.warnings !== undefined && reports !== undefined) {
      this.warnings ??= [];
      for (const warning of stored.warnings) this.warnings.push({ ...warning, reports });
    }
    const isUnfit = stored.kind === 'unfit';
    if (!isUnfit && this.writeCiphertext(column, value, stored)) return;
    this.append(op.before);
    // The error may name the value.
    if (isUnfit) this.append(Buffer.from(raising(stored.error, this.constants !== undefined)));
    else if (stored.kind === 'asWritten') this.appendAsWritten(op.slots, op.negative);
    else if (column.type.kind === 'integer') this.append(stored.bytes);
    else if (column.type.kind === 'binary') this.append(hexLiteral(stored.bytes));
    else this.append(encodeStringLiteral(stored.bytes));
    this.append(op.after);
  }

  /** Writes a constant encrypted. @returns false, with nothing written, where the server has to do it */
  private writeCiphertext(column: ProtectedColumn, value: WrittenConstant, stored: StoredValue): boolean {
    const plaintext = this.plaintextOf(column, value, stored);
    if (plaintext === null || this.constants === undefined) return false;
    if (this.constants.kind === 'parameters') this.writeParameter({ source: 'constant', plaintext });
    else this.append(hexLiteral(this.constants.encrypt(plaintext)));
    return true;
  }

  /** What the proxy encrypts; null: the server does. */
  private plaintextOf(column: ProtectedColumn, value: WrittenConstant, stored: StoredValue): Buffer | null {
    return this.constants === undefined ? null : storedConstant(column, value, stored, this.sets);
  }

  private takesCiphertext(column: ProtectedColumn): boolean {
    return this.constants?.kind === 'parameters' && takesCiphertext(column, this.sets);
  }

  private beginRecheck({ compared }: TemplateOp & { kind: 'recheck' }): void {
    if (this.constants === undefined) return;
    const parameters: ComparedParameter[] = [];
    for (const { column, constant } of compared) {
      switch (constant.kind) {
        case 'parameter': {
          const { parameter } = constant;
          if (parameter.source !== 'client' || !this.takesCiphertext(column)) return;
          const ordinal = this.scan.parameterAt(parameter.ordinal, this.repetition);
          parameters.push({ column, ordinal });
          break;
        }
        case 'slots': {
          const value = this.constant(constant.slots, constant.negative);
          const canonical = canonicalConstant(column, value);
          if (canonical === null || !isFoundByCiphertext(column, value)) return;
          if (this.plaintextOf(column, value, canonical) === null) return;
          break;
        }
        case 'copied':
          return;
      }
    }
    if (parameters.length === 0) {
      this.append(TRUE_IN_PARENTHESES);
      this.skips = true;
    } else if (parameters.length === compared.length) {
      this.append(OPEN);
      this.rechecked = parameters;
    }
  }

  private endRecheck(): void {
    this.skips = false;
    const { rechecked: done } = this;
    if (done === null) return;
    this.rechecked = null;
    this.append(OR);
    this.append(QUESTION_MARK);
    this.parameters.push({
      source: 'client',
      ordinal: done[0]!.ordinal,
      role: { kind: 'matched', compared: done },
    });
    this.append(CLOSE);
  }

  /** Rows of a VALUES list in front of a unit: one that stands for itself, and the repetitions of units. */
  private rowsBefore(unit: number): number {
    if (unit < 0 || unit >= this.scan.unitCount) return 0;
    let rows = 1;
    for (let before = 0; before < unit; before++) rows += this.scan.unitRepeat[before]!;
    return rows;
  }

  private writeEquality(op: TemplateOp & { kind: 'equality' }): void {
    const start = this.length;
    const parameters = this.parameters.length;
    this.append(op.open);
    for (let index = 0; index < op.constants.length; index++) {
      if (index > 0) this.append(COMMA);
      if (!this.writeConstant(op, op.constants[index]!)) {
        // One constant without a ciphertext form: the decrypted comparison beside this one decides alone.
        this.length = start;
        this.parameters.length = parameters;
        this.append(TRUE);
        return;
      }
    }
    this.append(op.close);
    if (op.passes.length === 0) return;
    for (let index = 0; index < op.passes.length; index++) {
      this.append(OR);
      this.writeParameter(op.passes[index]!);
    }
    this.append(CLOSE);
  }

  private writeConstant(op: TemplateOp & { kind: 'equality' }, constant: EqualityConstant): boolean {
    const { column } = op;
    if (constant.kind === 'parameter') {
      const { parameter } = constant;
      const isEncrypted = this.takesCiphertext(column);
      if (!isEncrypted) this.append(op.before);
      this.writeParameter(isEncrypted ? encrypted(parameter) : parameter);
      if (!isEncrypted) this.append(op.after);
      return true;
    }
    if (constant.kind === 'copied') {
      this.append(op.before);
      for (let index = 0; index < constant.ops.length; index++) this.write(constant.ops[index]!);
      this.append(op.after);
      return true;
    }
    const value = this.constant(constant.slots, constant.negative);
    const canonical = canonicalConstant(column, value);
    if (canonical === null) return false;
    if (this.writeCiphertext(column, value, canonical)) return true;
    this.append(op.before);
    if (canonical.kind === 'asWritten') this.appendAsWritten(constant.slots, constant.negative);
    else if (column.type.kind === 'integer') this.append(canonical.bytes);
    else this.append(encodeStringLiteral(canonical.bytes));
    this.append(op.after);
    return true;
  }

  private checkTenant(slots: readonly number[], type: TenantType): void {
    if (this.tenant === null) {
      this.appendAsWritten(slots, false);
      return;
    }
    const value = this.constant(slots, false);
    const given = value.kind === 'number' ? value.text : value.bytes.toString('utf8');
    if (given !== this.tenant) {
      throw new ProxyError(
        'TC_TENANT_MISMATCH',
        "the statement writes another tenant than the session's; leave the tenant column out or write that tenant",
        { position: this.scan.slotStart[this.slot(slots[0]!)]! - this.scan.start },
      );
    }
    this.append(this.tenantLiteral(type));
  }

  private tenantLiteral(type: TenantType): Buffer {
    const { tenant } = this;
    if (tenant === null) return NULL;
    if (type === 'integer') {
      requireInteger(tenant);
      return Buffer.from(tenant);
    }
    let literal = this.tenantLiterals.get(tenant);
    if (literal === undefined) {
      literal = encodeStringLiteral(Buffer.from(tenant, 'utf8'));
      if (this.tenantLiterals.size >= 10_000) this.tenantLiterals.clear();
      this.tenantLiterals.set(tenant, literal);
    }
    return literal;
  }

  private constant(slots: readonly number[], negative: boolean): WrittenConstant {
    return readConstant(this.scan, this.dialect, slots, negative, this.repetition);
  }

  private appendAsWritten(slots: readonly number[], negative: boolean): void {
    if (negative) this.append(MINUS);
    for (let index = 0; index < slots.length; index++) {
      if (index > 0) this.append(SPACE);
      const slot = this.slot(slots[index]!);
      this.appendRange(this.scan.statement, this.scan.slotStart[slot]!, this.scan.slotEnd[slot]!);
    }
  }

  private slot(collapsed: number): number {
    return this.scan.slotAt(collapsed, this.repetition);
  }

  private append(bytes: Buffer): void {
    const { length } = bytes;
    this.reserve(length);
    this.out.set(bytes, this.length);
    this.length += length;
  }

  private appendRange(bytes: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    bytes.copy(this.out, this.length, start, end);
    this.length += end - start;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.length + more));
    this.out.copy(larger, 0, 0, this.length);
    this.out = larger;
  }
}

function hexLiteral(bytes: Buffer): Buffer {
  return Buffer.from(`X'${bytes.toString('hex')}'`, 'latin1');
}
