import { ProxyError, ServerError } from '../errors.js';
import type { IntegerColumnType, StringColumnType } from './column-type.js';
import { unfitValue } from './declared-value.js';
import { text } from './edits.js';
import { hasNonAscii } from './folding.js';
import { integerDigits } from './integer-size.js';
import type { ClientParameter, ColumnOrigin, TemplateOp, ValueOp, ValueRole } from './plan.js';
import type { ProtectedColumn } from './protected-table.js';
import { KEY_VARIABLE, raising } from './raised-error.js';
import type { ResolvedTable } from './resolved-table.js';
import type { RewriteContext } from './rewriter.js';
import { familyOf, hasFamily } from './types/families.js';

/** An expression that raises error 1242 when it is evaluated, on both servers, also under a non-strict sql_mode. */
const RAISE = '(SELECT 1 UNION ALL SELECT 2)';

/**
 * The key where a write needs it: without it the statement fails with error 1690 instead of storing NULL. (RAISE would
 * not do: under INSERT IGNORE and UPDATE IGNORE MariaDB makes a warning of 1242.)
 */
const KEY_OR_RAISE = `IFNULL(${KEY_VARIABLE},EXP(9999*ISNULL(${KEY_VARIABLE})))`;

/** Name of the session variable that lends its collation on MySQL (semantics.md 10). */
export function collationDonor(collation: string): string {
  return `__tc_c_${collation}`;
}

/** Whether a decrypted value is cut to its declared length, which decides the type of what is made of it. */
export type ReadLength = 'declared' | 'stored';

/** The SQL that rewritten statements are made of, in the forms that semantics.md measured. */
export class Forms {
  private readonly context: RewriteContext;

  constructor(context: RewriteContext) {
    this.context = context;
  }

  /** A name from the schema or the configuration, quoted; as bytes of the client's character set in latin1. */
  name(name: string): string {
    if (hasNonAscii(name) && !/^utf8(mb[34])?$/.test(this.context.dialect.characterSetClient)) {
      throw new ProxyError(
        'TC_UNSUPPORTED_SQL',
        `the name of a protected table or column has letters outside ASCII; connect with utf8mb4`,
      );
    }
    return `\`${Buffer.from(name.replaceAll('`', '``'), 'utf8').toString('latin1')}\``;
  }

  tenant(table: ResolvedTable): TemplateOp {
    return this.context.prepared
      ? { kind: 'parameter', parameter: { source: 'tenant', type: table.tenantType } }
      : { kind: 'tenant', type: table.tenantType };
  }

  /**
   * `alias`.tenant = <tenant>, for an index, and the same on bytes, since a collation lets 't1' match 'T1'
   * (semantics.md 3). Only for tables with a tenant column.
   */
  tenantPredicate(table: ResolvedTable, alias: string): TemplateOp[] {
    const indexable = [text(`${this.tenantColumn(table, alias)}=`), this.tenant(table)];
    if (!this.tenantFolds(table)) return indexable;
    return [...indexable, text(' AND '), ...this.exactTenantPredicate(table, alias)];
  }

  /** A column of the table, decrypted: of the tenant's rows only, and not those of a tenant that folds to it (semantics.md 4). */
  decrypt(
    table: ResolvedTable,
    column: ProtectedColumn,
    ref: string,
    alias: string,
    length: ReadLength = 'declared',
  ): TemplateOp[] {
    const ciphertext: TemplateOp[] =
      table.tenant === null
        ? [text(ref)]
        : [text('IF('), ...this.exactTenantPredicate(table, alias), text(`,${ref},NULL)`)];
    return this.decryptValue(column, ciphertext, length);
  }

  /**
   * Ciphertext to the declared type, and of its length: what the server makes of it has the length and type that it
   * has on the plain table, and not those of the ciphertext. A value that is longer than declared, which only somebody
   * beside the proxy can have stored, is cut, or (an integer) the nearest with so many digits; as a column of the result
   * it need not be.
   */
  decryptValue(
    column: ProtectedColumn,
    ciphertext: readonly TemplateOp[],
    length: ReadLength = 'declared',
  ): TemplateOp[] {
    this.requireKnown(column);
    const plain = [text('AES_DECRYPT('), ...ciphertext, text(`,${KEY_VARIABLE})`)];
    const { type } = column;
    const isMariadb = this.context.dialect.server.kind === 'mariadb';
    switch (type.kind) {
      case 'binary':
        // AES_DECRYPT alone is coercible: beside a string column it would be converted, and fail (3854).
        return ofLength(length, type, [text('CAST('), ...plain, text(' AS BINARY)')]);
      case 'integer':
        return declaredInteger(type, plain, isMariadb);
      case 'string':
        return ofLength(length, type, this.decryptedString(column.logical, type, plain));
      default:
        return familyOf(type).readForm(type, plain);
    }
  }

  /** Text of the declared character set and collation, however long. */
  private decryptedString(name: string, type: StringColumnType, plain: readonly TemplateOp[]): TemplateOp[] {
    const { base, charset, collation } = type;
    const { server, sqlMode } = this.context.dialect;
    if (base === 'char' && sqlMode.padsChar) {
      throw new ProxyError(
        'TC_UNSUPPORTED_SQL',
        `the protected CHAR column ${name} is not padded under sql_mode PAD_CHAR_TO_FULL_LENGTH; take the flag out, or declare VARCHAR`,
      );
    }
    if (collation === undefined) return [text('CONVERT('), ...plain, text(` USING ${charset})`)];
    if (server.kind === 'mariadb') {
      return [text('CAST('), ...plain, text(` AS CHAR CHARACTER SET ${charset} COLLATE ${collation})`)];
    }
    // AES_DECRYPT's binary result is coercible (4): the donor gives it its character set and collation. After a
    // CONVERT both would be implicit, and of no collation at all (1267).
    return [text(`IF(0,@${collationDonor(collation)},`), ...plain, text(')')];
  }

  /** A value in the column's stored form (bytes of its character set), encrypted for storage. */
  encrypt(
    column: ProtectedColumn,
    value: readonly TemplateOp[],
    key: readonly TemplateOp[] = [text(KEY_OR_RAISE)],
  ): TemplateOp[] {
    const { before, after } = this.storedForm(column);
    return [text(`AES_ENCRYPT(${before}`), ...value, text(`${after},`), ...key, text(')')];
  }

  /** A literal, encrypted for storage: by the server, or by the proxy where it can read it. */
  encryptLiteral(value: Omit<ValueOp, 'before' | 'after'>): TemplateOp[] {
    const { before, after } = this.storedForm(value.column);
    const bytes = (sql: string): Buffer => Buffer.from(sql, 'latin1');
    return [{ ...value, before: bytes(`AES_ENCRYPT(${before}`), after: bytes(`${after},${KEY_OR_RAISE})`) }];
  }

  /**
   * A parameter, encrypted for storage by the server or by the proxy.
   * @param failure where the server is to fail if the value does not fit: a sign that it does not, and the errors
   */
  encryptParameter(
    column: ProtectedColumn,
    parameter: ClientParameter & { readonly role: ValueRole },
    failure: { readonly sign: TemplateOp; readonly errors: readonly ServerError[] } | null,
  ): TemplateOp[] {
    const value: TemplateOp = { kind: 'parameter', parameter };
    const ciphertext: TemplateOp = {
      kind: 'parameter',
      parameter: { ...parameter, role: { ...parameter.role, encrypted: true } },
    };
    if (failure === null) {
      return [{ kind: 'either', column, backend: this.encrypt(column, [value]), proxy: [ciphertext] }];
    }
    const { sign, errors } = failure;
    const backend = this.encrypt(column, [value], this.keyUnless(sign, errors));
    // The type of IF is that of its parts: a parameter alone would be text.
    const raised = [
      text('IF(ISNULL(ELT('),
      sign,
      text(`,${errors.map((error) => raising(error)).join(',')})),CAST(`),
    ];
    return [{ kind: 'either', column, backend, proxy: [...raised, ciphertext, text(' AS BINARY),NULL)')] }];
  }

  /**
   * The key, or one of some errors where the server is told to raise it: what it gets then in the place of the value
   * must not be NULL, for which neither server would look at the key.
   * @param sign NULL, or the number of the error, from 1
   */
  keyUnless(sign: TemplateOp, errors: readonly ServerError[]): TemplateOp[] {
    return [
      text('IF(ISNULL(ELT('),
      sign,
      text(`,${errors.map((error) => raising(error)).join(',')})),${KEY_OR_RAISE},NULL)`),
    ];
  }

  /**
   * An expression of the client's, encrypted; one that does not fit the declared type, or is no text in its character
   * set (MySQL would store NULL in silence), raises where the plain table would. The check stands around the whole, so
   * that the value keeps its own type. The expression is written more than once: it must give the same value each time.
   * @param lenient IGNORE, or no strict sql_mode: where the plain table would cut or convert the value, the statement
   *   fails as unsupported. NULL too, for a column that is NOT NULL: the server would make '' of it.
   */
  encryptExpression(
    column: ProtectedColumn,
    origin: ColumnOrigin,
    inner: () => TemplateOp[],
    lenient: { readonly nullable: boolean } | null = null,
  ): TemplateOp[] {
    const isUnfit = this.isUnfit(column, inner);
    const isNull = lenient?.nullable === false ? [text('ISNULL('), ...inner(), text(') OR ')] : [];
    const { type } = column;
    let value = inner();
    if (hasFamily(type)) value = familyOf(type).storedExpression(type, origin.server, inner);
    else if (type.kind === 'integer') value = roundedInteger(value);
    return [
      text('IF('),
      ...isNull,
      ...isUnfit,
      text(','),
      lenient === null ? { kind: 'tooLong', column, origin } : text(raisingUnfit(column)),
      text(','),
      ...this.encrypt(column, value),
      text(')'),
    ];
  }

  /**
   * CASE, IF or COALESCE, or a column of a derived table that may be one, so that it is of its own type before it is
   * text: MySQL asks for the text of one of their values, and 9007199254740993 beside 1e2 is that, where a plain column
   * gets a DOUBLE. Narrower columns hold nothing that a DOUBLE does not.
   */
  inOwnType({ type }: ProtectedColumn, expression: () => TemplateOp[]): () => TemplateOp[] {
    const isWide =
      (type.kind === 'integer' && type.base === 'bigint') ||
      (type.kind === 'decimal' && type.precision > DOUBLE_DIGITS);
    if (!isWide || this.context.dialect.server.kind !== 'mysql') return expression;
    return () => [text('LEAST('), ...expression(), text(','), ...expression(), text(')')];
  }

  /** The session's tenant, if a value given for the tenant column is just that; else an error, under IGNORE as well. */
  checkedTenant(table: ResolvedTable, value: string): TemplateOp[] {
    const compared =
      table.tenantType === 'string' ? `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)` : value;
    const { clientMessage, errno, sqlState } = new ProxyError(
      'TC_TENANT_MISMATCH',
      `the value of ${table.tenant!.name} must be the session's own tenant; leave the column out or write that tenant`,
    );
    const error = raising(new ServerError(errno, sqlState, clientMessage));
    // Without a CONVERT a parameter beside the number that the error is an expression of would be a number, too (MySQL).
    const isText = this.context.prepared && table.tenantType === 'string';
    const [before, after] = isText ? ['CONVERT(', ' USING utf8mb4)'] : ['', ''];
    return [
      text(`IF(${compared}<=>`),
      this.tenant(table),
      text(`,${before}`),
      this.tenant(table),
      text(`${after},${error})`),
    ];
  }

  private isUnfit(column: ProtectedColumn, inner: () => TemplateOp[]): TemplateOp[] {
    const { type } = column;
    if (hasFamily(type)) return familyOf(type).isUnfit(type, inner);
    if (type.kind === 'integer') return isUnfitInteger(type, inner);
    const { before, after } = this.storedForm(column);
    const characters = type.kind === 'string' && (type.base === 'char' || type.base === 'varchar');
    return type.kind === 'binary'
      ? [text('LENGTH('), ...inner(), text(`)>${type.length}`)]
      : [
          text(`IFNULL(${characters ? 'CHAR_LENGTH' : 'LENGTH'}(${before}`),
          ...inner(),
          text(`${after}),IF(ISNULL(`),
          ...inner(),
          text(`),0,${type.length + 1}))>${type.length}`),
        ];
  }

  /** The parts around a constant that is compared with the stored ciphertext. */
  equalityParts(column: ProtectedColumn): { before: string; after: string } {
    const { before, after } = this.storedForm(column);
    return { before: `AES_ENCRYPT(${before}`, after: `${after},${KEY_VARIABLE})` };
  }

  /** A new value, or (another tenant's row was hit) an error: upserts must not reach it (bypasses.md 10). */
  guardedAssignment(
    table: ResolvedTable,
    alias: string,
    value: readonly TemplateOp[],
    otherwise: string | null,
  ): TemplateOp[] {
    return [
      text('IF('),
      ...this.tenantPredicate(table, alias),
      text(','),
      ...value,
      text(`,${otherwise ?? RAISE})`),
    ];
  }

  private exactTenantPredicate(table: ResolvedTable, alias: string): TemplateOp[] {
    const column = this.tenantColumn(table, alias);
    const compared = this.tenantFolds(table) ? `CAST(${column} AS BINARY)` : column;
    return [text(`${compared}=`), this.tenant(table)];
  }

  private tenantColumn(table: ResolvedTable, alias: string): string {
    return `${alias}.${this.name(table.tenant!.name)}`;
  }

  /** Whether = lets other tenants' ids match. */
  private tenantFolds(table: ResolvedTable): boolean {
    return table.tenantType === 'string' && table.tenant!.live.collation !== null;
  }

  /** Types that one server has and the other has not. */
  private requireKnown({ logical, type }: ProtectedColumn): void {
    if (!hasFamily(type)) return;
    const refused = familyOf(type).refusedOn(this.context.dialect.server.kind);
    if (refused !== null)
      throw new ProxyError('TC_UNSUPPORTED_SQL', `the protected column ${logical}: ${refused}`);
  }

  private storedForm(column: ProtectedColumn): { before: string; after: string } {
    this.requireKnown(column);
    const { type } = column;
    switch (type.kind) {
      case 'integer':
        return { before: 'CONVERT(', after: ' USING utf8mb4)' };
      case 'binary':
        return {
          before: 'CAST(',
          after: type.base === 'binary' ? ` AS BINARY(${type.length}))` : ' AS BINARY)',
        };
      case 'string':
        return type.base === 'char'
          ? { before: "TRIM(TRAILING ' ' FROM CONVERT(", after: ` USING ${type.charset}))` }
          : { before: 'CONVERT(', after: ` USING ${type.charset})` };
      default:
        return familyOf(type).storedForm?.(type) ?? { before: 'CONVERT(', after: ' USING utf8mb4)' };
    }
  }
}

/** Under IGNORE and without strict sql_mode as well. */
function raisingUnfit(column: ProtectedColumn): string {
  const { errno, sqlState, clientMessage } = unfitValue(column);
  return raising(new ServerError(errno, sqlState, clientMessage));
}

/** Of a decimal number, so many are kept by every DOUBLE. */
const DOUBLE_DIGITS = 15;

/**
 * Digits to an integer that is as long as the type declares: CAST(… AS SIGNED) alone has 21 characters, and a sum of
 * it 43. MySQL's has them always; the quotient of a DECIMAL and an integer is an integer of the DECIMAL's length.
 */
function declaredInteger(
  type: IntegerColumnType,
  digits: readonly TemplateOp[],
  isMariadb: boolean,
): TemplateOp[] {
  const decimal = ` AS DECIMAL(${integerDigits(type)}))`;
  if (type.unsigned) return [text('(CAST('), ...digits, text(`${decimal} DIV CAST(1 AS UNSIGNED))`)];
  return isMariadb
    ? [text('CAST(CAST('), ...digits, text(`${decimal} AS SIGNED)`)]
    : [text('(CAST('), ...digits, text(`${decimal} DIV 1)`)];
}

/**
 * A decrypted value as long as it is stored, or as its type declares. Without the LEFT an operand is as long as the
 * ciphertext, or (after a user variable) as a LONGTEXT, and so would be all that is made of it; and a CAST to so many
 * characters has no digits behind the point: '1.5' times 1 would be 2 (MariaDB 10.11).
 */
function ofLength(
  length: ReadLength,
  type: { readonly length: number },
  value: readonly TemplateOp[],
): TemplateOp[] {
  return length === 'stored' ? [...value] : [text('LEFT('), ...value, text(`,${type.length})`)];
}

/** As text, a value that is stored as an integer: digits, whatever the type of the expression is. */
function roundedInteger(value: readonly TemplateOp[]): TemplateOp[] {
  return [text('CAST(CONVERT('), ...value, text(' USING utf8mb4) AS DECIMAL(30,0))')];
}

/**
 * Whether a value of any type is none that rounds to an integer in the column's range, in the same way for each type:
 * halves go up from an exact number, to even from a floating-point one. A BIT and an ENUM are other numbers than their
 * text: the last comparison finds them. NULL for NULL.
 */
function isUnfitInteger(type: IntegerColumnType, inner: () => TemplateOp[]): TemplateOp[] {
  const bits = BigInt(type.bits);
  const low = type.unsigned ? 0n : -(1n << (bits - 1n));
  const high = type.unsigned ? (1n << bits) - 1n : (1n << (bits - 1n)) - 1n;
  const asText = [text('CONVERT('), ...inner(), text(' USING utf8mb4)')];
  const rounded = roundedInteger(inner());
  return [
    text('NOT('),
    ...asText,
    text(" REGEXP '^-?[0-9]+([.][0-9]+)?$' AND "),
    ...asText,
    text(" NOT REGEXP '[.]50*$' AND "),
    ...rounded,
    text(` BETWEEN ${low} AND ${high} AND ABS((`),
    ...inner(),
    text(')-'),
    ...rounded,
    text(')<0.5)'),
  ];
}
