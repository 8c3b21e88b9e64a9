import { ProxyError } from '../errors.js';
import { binaryTemporalText } from '../protocol/binary-temporal.js';
import { binaryInteger, type Parameter } from '../protocol/binary-value.js';
import { blobParameter } from '../protocol/command-phase/parameters.js';
import { ColumnType } from '../protocol/constants/column-types.js';
import { type CharacterSets, isFoundByCiphertext, storedConstant } from '../rewrite/constant-form.js';
import {
  type ConstantValue,
  canonicalConstant,
  checkValue,
  possibleErrors,
  type StatementWarning,
} from '../rewrite/declared-value.js';
import type { SqlMode } from '../rewrite/dialect.js';
import type { BackendParameter, ParameterRole, TenantType, ValueRole } from '../rewrite/plan.js';
import type { ProtectedColumn } from '../rewrite/protected-table.js';
import { refuseOffset } from '../rewrite/time-zone-offset.js';
import { familyOf, hasFamily } from '../rewrite/types/families.js';

/*
 * Parameters of the client's COM_STMT_EXECUTE into those of the rewritten statement. Where a value goes into a
 * protected column it is checked and brought to the declared type, since the server sees only bytes to encrypt
 * (semantics.md 14): mysql2 sends numbers as DOUBLE.
 */

const NOTHING = Buffer.alloc(0);

export interface ConversionContext {
  readonly tenant: string;
  /** The client's character set is utf8. */
  readonly utf8: boolean;
  /** It is utf8mb3. */
  readonly utf8mb3: boolean;
  /** Under which the statement is executed; absent: as when it was prepared. */
  readonly sqlMode?: SqlMode;
  /** Where the proxy encrypts (`constants: proxy`): with the tenant's key, text that is in these character sets. */
  readonly encryption?: { readonly sets: CharacterSets; encrypt(plaintext: Buffer): Buffer };
  /**
   * Parameters of the statement that had a value without canonical form, by ordinal; is added to. MySQL, once it has
   * compared a parameter as a number, compares later strings as numbers too.
   */
  readonly passed?: Set<number>;
  /** Is added to: what the server would say of the values. */
  readonly warnings?: StatementWarning[];
}

/**
 * The value of one backend parameter.
 * @throws ProxyError TC_TENANT_MISMATCH, TC_UNSUPPORTED_SQL; ServerError as the plain table would raise
 */
export function convertParameter(
  target: BackendParameter,
  parameters: readonly Parameter[],
  context: ConversionContext,
): Parameter {
  const { tenant, sqlMode, passed } = context;
  if (target.source === 'tenant') return tenantParameter(tenant, target.type);
  if (target.source === 'constant') return encrypted(target.plaintext, context);
  const parameter = parameters[target.ordinal];
  if (parameter === undefined) throw new ProxyError('TC_INTERNAL', 'a parameter is missing; report this');
  const { role } = target;
  switch (role.kind) {
    case 'plain':
      if (role.noOffset === true) checkOffset(parameter);
      return parameter;
    case 'tenantCheck':
      checkTenant(parameter, tenant);
      return tenantParameter(tenant, role.type);
    case 'value':
      return inItsForm(
        valueParameter(
          parameter,
          sqlMode === undefined ? role : under(sqlMode, role),
          target.row ?? 1,
          context,
        ),
        role,
        context,
      );
    case 'constant': {
      if (parameter.value === null) return parameter;
      const converted = comparedParameter(parameter, role.column, role.optional === true);
      if (converted !== null) return inItsForm(converted, role, context);
      if (role.optional === true) {
        passed?.add(target.ordinal);
        return role.encrypted === true ? blobParameter(NOTHING) : unusedParameter(role.column);
      }
      throw new ProxyError(
        'TC_UNSUPPORTED_SQL',
        `a parameter compared with the protected column ${role.column.logical} is not of its type; bind one that is`,
      );
    }
    case 'passes':
      if (parameter.value === null) return NO_SIGN;
      if (passed?.has(target.ordinal) === true) return signParameter(1);
      return comparedParameter(parameter, role.column, true) === null ? signParameter(1) : NO_SIGN;
    case 'recheck':
      if (role.noOffset === true) checkOffset(parameter);
      return isFound(role, parameters, passed) ? NO_SIGN : parameter;
    case 'matched':
      return isFound(role, parameters, passed) ? signParameter(1) : NO_SIGN;
  }
}

/** Numbers, and dates in binary form, have none. */
function checkOffset({ type, value }: Parameter): void {
  if (value !== null && STRING_TYPES.has(type)) refuseOffset(value.toString('latin1'));
}

/** Whether ciphertext alone says which rows the parameters are equal to. */
function isFound(
  { compared }: ParameterRole & { kind: 'recheck' | 'matched' },
  parameters: readonly Parameter[],
  passed: ConversionContext['passed'],
): boolean {
  return compared.every(({ column, ordinal }) => {
    const parameter = parameters[ordinal];
    if (parameter === undefined || passed?.has(ordinal) === true) return false;
    if (parameter.value === null) return true;
    const value =
      comparedParameter(parameter, column, true) === null ? null : readConstant(parameter, column);
    return value !== null && isFoundByCiphertext(column, value);
  });
}

/** A value in its stored form or, where the statement has the place for it, its ciphertext. */
function inItsForm(
  parameter: Parameter,
  { column, encrypted: isEncrypted }: ParameterRole & { kind: 'value' | 'constant' },
  context: ConversionContext,
): Parameter {
  if (isEncrypted !== true || parameter.value === null) return parameter;
  const { type, value: bytes } = parameter;
  const isText = column.type.kind === 'string' || column.type.kind === 'binary';
  const isBytes = BYTES_TYPES.has(type) || !isText;
  const value: ConstantValue = { kind: isBytes ? 'bytes' : 'text', bytes };
  const sets = context.encryption?.sets ?? UTF8;
  const plaintext = storedConstant(column, value, { kind: 'text', bytes }, sets);
  if (plaintext !== null) return encrypted(plaintext, context);
  throw new ProxyError(
    'TC_UNSUPPORTED_SQL',
    `a parameter for the protected column ${column.logical} in letters outside ASCII that this session's character set may change (constants: proxy); SET NAMES utf8mb4, and prepare the statement again`,
  );
}

function encrypted(plaintext: Buffer, { encryption }: ConversionContext): Parameter {
  if (encryption === undefined) throw new ProxyError('TC_INTERNAL', 'no key for a constant; report this');
  return blobParameter(encryption.encrypt(plaintext));
}

const UTF8: CharacterSets = { client: 'utf8mb4', connection: 'utf8mb4' };

/**
 * A constant that is compared by ciphertext; null where it has no canonical form.
 * @throws ProxyError for a type that is not read, unless `optional`
 */
function comparedParameter(
  parameter: Parameter,
  column: ProtectedColumn,
  isOptional: boolean,
): Parameter | null {
  const value = isOptional ? readConstant(parameter, column) : constantOf(parameter, column);
  if (value === null) return null;
  // A number beside a string column compares as a number: no ciphertext stands for that.
  const isText = column.type.kind === 'string' || column.type.kind === 'binary';
  const isNumberBesideText = value.kind === 'number' && isText;
  const isJson = parameter.type === ColumnType.MYSQL_TYPE_JSON;
  const stored = isNumberBesideText || isJson ? null : canonicalConstant(column, value);
  if (stored === null) return null;
  return stored.kind === 'text' ? textParameter(stored.bytes) : parameter;
}

function under(sqlMode: SqlMode, role: ValueRole): ValueRole {
  return { ...role, origin: { ...role.origin, sqlMode } };
}

/** A value on its way into a protected column, or the sign that it does not fit. */
function valueParameter(
  parameter: Parameter,
  role: ValueRole,
  row: number,
  { utf8, utf8mb3, warnings }: Pick<ConversionContext, 'utf8' | 'utf8mb3' | 'warnings'>,
): Parameter {
  const { column, origin, lenient, raises } = role;
  const reports = warnings === undefined ? undefined : role.reports;
  const isSign = raises === 'sign';
  if (parameter.value === null) return isSign ? NO_SIGN : parameter;
  const value = constantOf(parameter, column);
  const stored = checkValue(column, value, {
    lenient,
    reports: reports !== undefined,
    utf8,
    utf8mb3,
    row,
    origin,
  });
  if (stored.kind === 'unfit') {
    const { errno } = stored.error;
    const number = possibleErrors(column, origin, row).findIndex((error) => error.errno === errno) + 1;
    if (raises === undefined || number === 0) throw stored.error;
    // Of NULL the server would not look at the sign.
    return isSign ? signParameter(number) : unusedParameter(column);
  }
  if (isSign) return NO_SIGN;
  if (stored.kind === 'text') {
    if (reports !== undefined) {
      for (const warning of stored.warnings ?? []) warnings?.push({ ...warning, reports });
    }
    return value.kind === 'bytes' ? blobParameter(stored.bytes) : textParameter(stored.bytes);
  }
  if (value.kind === 'number') return textParameter(Buffer.from(value.text));
  // The server would write JSON anew, where a plain column keeps the text.
  const isJson = parameter.type === ColumnType.MYSQL_TYPE_JSON && parameter.value !== null;
  return isJson ? textParameter(parameter.value) : parameter;
}

function signParameter(number: number | null): Parameter {
  let value: Buffer | null = null;
  if (number !== null) {
    value = Buffer.alloc(8);
    value.writeInt32LE(number);
  }
  return { type: ColumnType.MYSQL_TYPE_LONGLONG, unsigned: false, name: NOTHING, value };
}

const NO_SIGN = signParameter(null);

/** In a place whose value the server computes and does not use. */
function unusedParameter({ type }: ProtectedColumn): Parameter {
  const form = hasFamily(type) ? familyOf(type).storedForm?.(type) : undefined;
  return textParameter(form === undefined ? NOTHING : Buffer.from(form.neutral));
}

function textParameter(value: Buffer): Parameter {
  return { type: ColumnType.MYSQL_TYPE_VAR_STRING, unsigned: false, name: NOTHING, value };
}

function tenantParameter(tenant: string, type: TenantType): Parameter {
  if (type === 'string') {
    const text = textParameter(Buffer.from(tenant));
    // Text would be taken into the connection's character set, and in UTF-16 equal the bytes of no row.
    return !/[^\0-\x7f]/.test(tenant) ? { ...text, type: ColumnType.MYSQL_TYPE_BLOB } : text;
  }
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(canonicalInteger(tenant));
  return { type: ColumnType.MYSQL_TYPE_LONGLONG, unsigned: false, name: NOTHING, value: bytes };
}

/** Canonical integers only: '01', '1abc' and '1e0' would all match 1 (semantics.md 3). */
function canonicalInteger(tenant: string): bigint {
  const value = /^(0|-?[1-9]\d{0,18})$/.test(tenant) ? BigInt(tenant) : null;
  if (value !== null && BigInt.asIntN(64, value) === value) return value;
  throw new ProxyError(
    'TC_BAD_TENANT',
    'the tenant column is an integer and the tenant id is none; use a plain integer',
  );
}

function checkTenant(parameter: Parameter, tenant: string): void {
  if (parameter.value !== null && parameterText(parameter) === tenant) return;
  throw new ProxyError(
    'TC_TENANT_MISMATCH',
    "a parameter names another tenant than the session's; bind the session's own",
  );
}

/** A parameter as text, for types whose text is beyond doubt; undefined for others and for NULL. */
export function parameterText(parameter: Parameter): string | undefined {
  if (parameter.value === null) return undefined;
  if (STRING_TYPES.has(parameter.type)) return parameter.value.toString('utf8');
  return numberText(parameter);
}

const STRING_TYPES: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_VARCHAR,
  ColumnType.MYSQL_TYPE_VAR_STRING,
  ColumnType.MYSQL_TYPE_STRING,
]);

const BYTES_TYPES: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_TINY_BLOB,
  ColumnType.MYSQL_TYPE_MEDIUM_BLOB,
  ColumnType.MYSQL_TYPE_LONG_BLOB,
  ColumnType.MYSQL_TYPE_BLOB,
]);

function numberText(parameter: Parameter): string | undefined {
  const { type, unsigned, value } = parameter;
  if (value === null) return undefined;
  const integer = binaryInteger(type, unsigned, value);
  if (integer !== undefined) return integer.toString();
  if (type === ColumnType.MYSQL_TYPE_DECIMAL || type === ColumnType.MYSQL_TYPE_NEWDECIMAL) {
    return value.toString('latin1');
  }
  if (type === ColumnType.MYSQL_TYPE_DOUBLE) {
    const number = value.readDoubleLE();
    // Beyond these, servers and JavaScript write a double differently.
    if (Number.isSafeInteger(number)) return number.toString();
    if (Math.abs(number) < 1e15 && Math.abs(number) >= 1e-4) return number.toString();
  }
  return undefined;
}

function constantOf(parameter: Parameter, column: ProtectedColumn): ConstantValue {
  const constant = readConstant(parameter, column);
  if (constant !== null) return constant;
  throw new ProxyError(
    'TC_UNSUPPORTED_SQL',
    `a parameter of type ${parameter.type} for a protected column; bind a string or an integer`,
  );
}

/** The value of a FLOAT or a DOUBLE; undefined for other types and what is no number. */
function floatingPoint(type: number, value: Buffer): number | undefined {
  let number: number;
  if (type === ColumnType.MYSQL_TYPE_DOUBLE) number = value.readDoubleLE();
  else if (type === ColumnType.MYSQL_TYPE_FLOAT) number = value.readFloatLE();
  else return undefined;
  return Number.isFinite(number) ? number : undefined;
}

/** With an exponent, which says that it rounds as a DOUBLE; a whole number for an integer column in its own digits. */
function floatingText(number: number, { type }: ProtectedColumn): string {
  const isWhole = type.kind === 'integer' && Number.isInteger(number) && Math.abs(number) <= 2 ** 64;
  if (isWhole) return BigInt(number).toString();
  return `${Object.is(number, -0) ? '-' : ''}${number.toExponential()}`;
}

/** null: of a type that is not read. */
function readConstant(parameter: Parameter, column: ProtectedColumn): ConstantValue | null {
  const { type, value } = parameter;
  if (value !== null && hasFamily(column.type)) {
    const temporal = binaryTemporalText(type, value);
    if (temporal !== undefined) return { kind: 'temporal', text: temporal };
  }
  if (value !== null && (hasFamily(column.type) || column.type.kind === 'integer')) {
    const number = floatingPoint(type, value);
    if (number !== undefined) return { kind: 'number', text: floatingText(number, column) };
  }
  if (value !== null && (STRING_TYPES.has(type) || type === ColumnType.MYSQL_TYPE_JSON)) {
    return { kind: 'text', bytes: value };
  }
  if (value !== null && BYTES_TYPES.has(type)) return { kind: 'bytes', bytes: value };
  const text = numberText(parameter);
  return text === undefined ? null : { kind: 'number', text };
}
