import { ProxyError } from '../errors.js';
import { binaryInteger, type Parameter } from '../protocol/binary-value.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { ColumnType } from '../protocol/constants/column-types.js';
import { decodeColumnDefinition41 } from '../protocol/resultset/column-definition-41.js';
import type { BackendParameter } from '../rewrite/plan.js';
import type { TextRow } from './catalog-queries.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';
import { type ConversionContext, convertParameter } from './parameter-conversion.js';

/*
 * Arguments of EXECUTE … USING for a rewritten statement. What goes to plain places goes as the client wrote it, with
 * its own type and character set. What goes into a protected column is read first, and checked and brought to the
 * declared type as a parameter of COM_STMT_EXECUTE would be; where that changes it, a variable of ours stands in its
 * place.
 */

/** Variables with converted arguments: reserved, so that no statement of a client's can read them. */
const VARIABLE = '@__tc_p';
/** Columns that are read of each argument. */
const COLUMNS = 3;

const INTEGER_TYPES: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_TINY,
  ColumnType.MYSQL_TYPE_SHORT,
  ColumnType.MYSQL_TYPE_INT24,
  ColumnType.MYSQL_TYPE_LONG,
  ColumnType.MYSQL_TYPE_LONGLONG,
]);

const DECIMAL_TYPES: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_DECIMAL,
  ColumnType.MYSQL_TYPE_NEWDECIMAL,
]);

const TEXT_TYPES: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_VARCHAR,
  ColumnType.MYSQL_TYPE_VAR_STRING,
  ColumnType.MYSQL_TYPE_STRING,
  ColumnType.MYSQL_TYPE_TINY_BLOB,
  ColumnType.MYSQL_TYPE_BLOB,
  ColumnType.MYSQL_TYPE_MEDIUM_BLOB,
  ColumnType.MYSQL_TYPE_LONG_BLOB,
]);

export interface ArgumentsContext {
  readonly own: OwnCommands;
  readonly backendCapabilities: Capabilities;
  readonly tenant: string;
  /** What encrypts with the tenant's key now, for `constants: proxy`. */
  readonly encryption: () => Pick<ConversionContext, 'encryption'>;
}

/** Whether the value of an argument has to be known before it may stand there. */
export function mustBeRead(target: BackendParameter): boolean {
  return target.source !== 'client' || target.role.kind !== 'plain';
}

/**
 * The arguments for the parameters of a rewritten statement, in their order.
 * @param using the client's, one character a byte
 * @throws ProxyError, ServerError for a value that is refused
 */
export async function argumentsFor(
  targets: readonly BackendParameter[],
  using: readonly string[],
  context: ArgumentsContext,
): Promise<string[]> {
  const values = await readValues(targets, using, context);
  const assignments: string[] = [];
  const conversion = { tenant: context.tenant, utf8: true, utf8mb3: false, ...context.encryption() };
  const assigned = (parameter: Parameter): string => {
    const variable = `${VARIABLE}${assignments.length}`;
    assignments.push(`${variable}=${literalOf(parameter)}`);
    return variable;
  };
  const found = targets.map((target) => {
    if (target.source === 'tenant') throw new ProxyError('TC_INTERNAL', 'a tenant parameter; report this');
    if (target.source === 'constant') return assigned(convertParameter(target, [], conversion));
    const written = using[target.ordinal] ?? '';
    const parameter = values.get(target.ordinal);
    if (parameter === undefined || target.role.kind === 'plain') return written;
    if (!parameter.isSafe && mayDiffer(parameter, target)) {
      throw new ProxyError(
        'TC_UNSUPPORTED_SQL',
        'an argument for a protected column, under a connection character set that is not UTF-8; SET NAMES utf8mb4',
      );
    }
    const parameters: Parameter[] = [];
    parameters[target.ordinal] = parameter;
    const converted = convertParameter(target, parameters, conversion);
    return converted === parameter ? written : assigned(converted);
  });
  if (assignments.length > 0) await run(context.own, `SET ${assignments.join(',')}`);
  return found;
}

interface ReadParameter extends Parameter {
  /** The server takes strings into the connection's character set, which is UTF-8. */
  readonly isSafe: boolean;
}

async function readValues(
  targets: readonly BackendParameter[],
  using: readonly string[],
  { own, backendCapabilities }: ArgumentsContext,
): Promise<Map<number, ReadParameter>> {
  const ordinals = new Set<number>();
  for (const target of targets) {
    if (target.source === 'client' && mustBeRead(target)) ordinals.add(target.ordinal);
  }
  const values = new Map<number, ReadParameter>();
  if (ordinals.size === 0) return values;
  const columns = [...ordinals].flatMap((ordinal) => {
    const written = using[ordinal] ?? 'NULL';
    return [written, `CHARSET(${written})='binary'`, `CAST(CONVERT(${written} USING utf8mb4) AS BINARY)`];
  });
  // Of its own accord sql_select_limit would let no row through.
  const sql = `SELECT ${columns.join(',')},@@character_set_connection LIMIT 1`;
  const { rows, definitions } = await run(own, sql);
  const row = rows[0];
  if (row === undefined) throw unreadable();
  const isUtf8 = /^utf8/.test(row[columns.length]?.toString('latin1') ?? '');
  for (const [index, ordinal] of [...ordinals].entries()) {
    const definition = definitions[index * COLUMNS];
    if (definition === undefined) throw unreadable();
    const { type } = decodeColumnDefinition41(definition, backendCapabilities);
    const parameter = parameterOf(type, row, index * COLUMNS);
    values.set(ordinal, { ...parameter, isSafe: isUtf8 });
  }
  return values;
}

/** A user variable, or a literal, as a parameter of the binary protocol with the same value. */
function parameterOf(type: number, row: TextRow, at: number): Parameter {
  const value = row[at] ?? null;
  const parameter = (as: number, bytes: Buffer | null): Parameter => ({
    type: as,
    unsigned: false,
    name: Buffer.alloc(0),
    value: bytes,
  });
  if (value === null) return parameter(ColumnType.MYSQL_TYPE_NULL, null);
  if (TEXT_TYPES.has(type)) {
    if (row[at + 1]?.toString('latin1') === '1') return parameter(ColumnType.MYSQL_TYPE_BLOB, value);
    const utf8 = row[at + 2] ?? null;
    if (utf8 === null) throw unreadable();
    return parameter(ColumnType.MYSQL_TYPE_VAR_STRING, utf8);
  }
  const text = value.toString('latin1');
  if (INTEGER_TYPES.has(type) && /^-?\d+$/.test(text)) {
    return parameter(ColumnType.MYSQL_TYPE_NEWDECIMAL, value);
  }
  if (DECIMAL_TYPES.has(type) && /^-?\d*\.?\d+$/.test(text)) {
    return parameter(ColumnType.MYSQL_TYPE_NEWDECIMAL, value);
  }
  if (type === ColumnType.MYSQL_TYPE_DOUBLE && /^-?[\d.]+(e[-+]?\d+)?$/i.test(text)) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleLE(Number(text));
    return parameter(ColumnType.MYSQL_TYPE_DOUBLE, bytes);
  }
  throw unreadable();
}

/** Whether the value's bytes, as they would be stored, may be others than those that were checked. */
function mayDiffer(parameter: Parameter, target: BackendParameter & { source: 'client' }): boolean {
  if (parameter.type !== ColumnType.MYSQL_TYPE_VAR_STRING || parameter.value === null) return false;
  const { role } = target;
  if ('column' in role && role.column.type.kind === 'binary') return true;
  return parameter.value.some((byte) => byte >= 0x80);
}

/** The same under every sql_mode and character set. */
function literalOf({ type, unsigned, value }: Parameter): string {
  if (value === null) return 'NULL';
  const integer = binaryInteger(type, unsigned, value);
  if (integer !== undefined) return integer.toString();
  // Ciphertext has no character set.
  if (type === ColumnType.MYSQL_TYPE_BLOB) return `X'${value.toString('hex')}'`;
  if (!TEXT_TYPES.has(type)) throw new ProxyError('TC_INTERNAL', `an argument of type ${type}; report this`);
  return `_utf8mb4 X'${value.toString('hex')}'`;
}

function unreadable(): ProxyError {
  return new ProxyError(
    'TC_UNSUPPORTED_SQL',
    'an argument for a protected column is of a type that is not supported; assign a string or a number to it',
  );
}

/** @throws ProxyError with the number that the server gives: the text stays out, it may hold data */
async function run(
  own: OwnCommands,
  sql: string,
): Promise<{ readonly rows: readonly TextRow[]; readonly definitions: readonly Buffer[] }> {
  try {
    return await own.queryText(Buffer.from(sql, 'latin1'));
  } catch (error) {
    if (!(error instanceof OwnCommandError)) throw error;
    throw new ProxyError(
      'TC_BACKEND',
      `the server did not evaluate the arguments (error ${error.errorCode}); look at those of EXECUTE`,
      { cause: error },
    );
  }
}
