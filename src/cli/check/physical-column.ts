import { collationByName } from '../../protocol/constants/collations.js';
import type { ColumnType } from '../../rewrite/column-type.js';
import { parseSqlMode } from '../../rewrite/dialect.js';
import {
  AES_BLOCK,
  CIPHERTEXT_TYPES,
  ciphertextLength,
  fittingType,
  longestPlaintext,
} from '../../rewrite/physical-type.js';
import type { ProtectedTable } from '../../rewrite/protected-table.js';
import type { LogicalColumn } from '../../rewrite/resolved-table.js';
import { familyOf, hasFamily } from '../../rewrite/types/families.js';
import type { LiveSchema } from '../live-schema.js';
import { type Finding, problem, warning } from './finding.js';

/** Whether a physical column can hold the ciphertext of its declared type. */
export function checkPhysicalColumn(
  table: ProtectedTable,
  column: LogicalColumn,
  schema: LiveSchema,
): Finding[] {
  const { protection, live } = column;
  if (protection === null) return [];
  const { type } = protection;
  const subject = `${table.schema}.${table.table}.${live.name}`;
  const findings: Finding[] = [];
  if (!CIPHERTEXT_TYPES.has(live.dataType)) {
    findings.push(
      problem(
        subject,
        `is ${live.columnType}, which does not keep ciphertext; make it ${fittingType(type)} and encrypt what it holds`,
      ),
    );
  } else if (live.octetLength !== null) {
    findings.push(...checkLength(subject, type, live.octetLength, live.columnType, schema));
  }
  if (hasFamily(type)) {
    const refused = familyOf(type).refusedOn(schema.server.kind);
    if (refused !== null)
      findings.push(problem(subject, `is declared ${familyOf(type).describe(type)}: ${refused}`));
  }
  if (live.defaultValue !== null) {
    findings.push(
      problem(
        subject,
        'has a DEFAULT, which is stored as plaintext when a statement omits the column; ALTER COLUMN … DROP DEFAULT',
      ),
    );
  }
  if (live.generated) {
    findings.push(
      problem(subject, 'is a generated column, which can not be written; make it a plain column'),
    );
  }
  if (type.kind === 'string' && type.collation !== undefined) {
    if (collationByName(type.collation, schema.server.kind) === undefined) {
      findings.push(
        problem(
          subject,
          `is declared with the collation ${type.collation}, which this server does not know; name one that SHOW COLLATION lists`,
        ),
      );
    }
  }
  return findings;
}

function checkLength(
  subject: string,
  type: ColumnType,
  octets: number,
  columnType: string,
  schema: LiveSchema,
): Finding[] {
  const needed = ciphertextLength(longestPlaintext(type));
  if (octets >= needed) return [];
  const holds = Math.floor(octets / AES_BLOCK) * AES_BLOCK - 1;
  const what =
    `is ${columnType} and holds values of up to ${Math.max(0, holds)} bytes, while ${describe(type)} may take ` +
    `${longestPlaintext(type)} (${needed} encrypted)`;
  const remedy = `MODIFY it to ${fittingType(type)}, or declare a shorter type`;
  if (octets < declaredLength(type)) return [problem(subject, `${what}; ${remedy}`)];
  return parseSqlMode(schema.sqlMode).strict
    ? [warning(subject, `${what}: longer ones are an error (1406); ${remedy}`)]
    : [problem(subject, `${what}: without a strict sql_mode longer ones are cut and lost; ${remedy}`)];
}

/** The declared length as it is written: a shorter physical column can't even hold ASCII. */
function declaredLength(type: ColumnType): number {
  return 'length' in type ? type.length : AES_BLOCK;
}

function describe(type: ColumnType): string {
  if (hasFamily(type)) return familyOf(type).describe(type);
  if (type.kind === 'integer') return type.unsigned ? `${type.base} unsigned` : type.base;
  const isSized = ['char', 'varchar', 'binary', 'varbinary'].includes(type.base);
  const charset = type.kind === 'string' ? ` of ${type.charset}` : '';
  return `${type.base}${isSized ? `(${type.length})` : ''}${charset}`;
}
