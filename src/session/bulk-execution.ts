import { ProxyError } from '../errors.js';
import type { Parameter, ParameterType } from '../protocol/binary-value.js';
import type { BulkValue, ComStmtBulkExecute } from '../protocol/command-phase/com-stmt-bulk-execute.js';
import { ColumnType } from '../protocol/constants/column-types.js';
import type { BackendParameter } from '../rewrite/plan.js';
import { type ConversionContext, convertParameter } from './parameter-conversion.js';

const NOTHING = Buffer.alloc(0);

const STRING_TYPES: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_VARCHAR,
  ColumnType.MYSQL_TYPE_VAR_STRING,
  ColumnType.MYSQL_TYPE_STRING,
]);

/**
 * A client's COM_STMT_BULK_EXECUTE into that of the rewritten statement: every row is converted as one execution.
 * @throws what convertParameter throws; ProxyError for DEFAULT and IGNORE in the place of a protected value
 */
export function convertBulk(
  bulk: ComStmtBulkExecute,
  targets: readonly BackendParameter[],
  statementId: number,
  context: ConversionContext,
): ComStmtBulkExecute {
  const types: (ParameterType | undefined)[] = targets.map(() => undefined);
  const rows = bulk.rows.map((row) => {
    const parameters = row.map((value, i) => asParameter(value, bulk.types[i]));
    return targets.map((target, i): BulkValue => {
      const given = target.source === 'client' ? row[target.ordinal] : undefined;
      if (given?.kind === 'default' || given?.kind === 'ignore') {
        if (target.source === 'client' && target.role.kind === 'plain') return given;
        throw new ProxyError(
          'TC_UNSUPPORTED_SQL',
          'DEFAULT and IGNORE in bulk execution for a protected or a tenant column; bind a value',
        );
      }
      const converted = convertParameter(target, parameters, context);
      if (converted.value === null) return { kind: 'null' };
      types[i] = commonType(types[i], converted);
      return { kind: 'value', value: converted.value };
    });
  });
  return {
    statementId,
    flags: bulk.flags,
    types: types.map((type, i) => type ?? ownType(targets[i], bulk.types)),
    rows,
  };
}

function asParameter(value: BulkValue, type: ParameterType | undefined): Parameter {
  if (type === undefined) throw new ProxyError('TC_INTERNAL', 'a parameter has no type; report this');
  return { ...type, name: NOTHING, value: value.kind === 'value' ? value.value : null };
}

/** The type is one for all rows; what a protected column takes may have become a string in some. */
function commonType(known: ParameterType | undefined, { type, unsigned }: Parameter): ParameterType {
  if (known === undefined || (known.type === type && known.unsigned === unsigned)) return { type, unsigned };
  if (STRING_TYPES.has(known.type) && STRING_TYPES.has(type)) {
    return { type: ColumnType.MYSQL_TYPE_VAR_STRING, unsigned: false };
  }
  throw new ProxyError(
    'TC_UNSUPPORTED_SQL',
    'values of bulk execution for a protected column are not all of one type; bind strings',
  );
}

/** Of a parameter without a value in any row. */
function ownType(target: BackendParameter | undefined, types: readonly ParameterType[]): ParameterType {
  const own = target?.source === 'client' ? types[target.ordinal] : undefined;
  return own ?? { type: ColumnType.MYSQL_TYPE_VAR_STRING, unsigned: false };
}
