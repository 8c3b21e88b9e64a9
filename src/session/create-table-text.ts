import { type DeclaredType, declaredType, defaultCollation } from '../rewrite/declared-type.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import type { ProtectedColumn, ProtectedTable } from '../rewrite/protected-table.js';

/** The collation of a table, which columns inherit and SHOW CREATE TABLE then leaves out. */
interface TableDefaults {
  readonly collation: string;
}

interface Name {
  readonly name: string;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * The text of SHOW CREATE TABLE of a protected table as a plain table with the declared columns prints it. Of a column
 * that is protected the name and the type change, of a key the names; everything else stays as the server wrote it.
 *
 * Both servers print one column, key or constraint a line, and escape line ends in comments and defaults.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/show-create-table.html
 */
export function logicalCreateTable(text: string, table: ProtectedTable, server: ServerVersion): string {
  const columns = new Map([...table.columns.values()].map((column) => [fold(column.physical), column]));
  const defaults = tableDefaults(text, server);
  const find = (name: string): ProtectedColumn | undefined => columns.get(fold(name));
  const lines = text.split('\n');
  return lines
    .map((line, index) =>
      index === 0 || !line.startsWith('  ') ? line : definition(line, find, defaults, server),
    )
    .join('\n');
}

type Find = (name: string) => ProtectedColumn | undefined;

function definition(line: string, find: Find, defaults: TableDefaults, server: ServerVersion): string {
  const parts = /^ {2}(?:(?:PRIMARY|UNIQUE|FULLTEXT|SPATIAL|VECTOR) )?(?:KEY|INDEX) /.exec(line);
  if (parts !== null) return keyLine(line, parts[0].length, find);
  const foreign = line.indexOf(' FOREIGN KEY (');
  if (line.startsWith('  CONSTRAINT '))
    return foreign < 0 ? line : keyParts(line, line.indexOf('(', foreign), find);
  const name = readName(line, 2);
  const column = name === null ? undefined : find(name.name);
  if (name === null || column === undefined) return line;
  const quoted = quote(column.logical, line[2] as string);
  return `  ${quoted}${logicalDefinition(line.slice(name.end), column, defaults, server)}`;
}

/** A key's name, if it has one, and its parts. */
function keyLine(line: string, start: number, find: Find): string {
  const open = line[start] === '(' ? start : (readName(line, start)?.end ?? -2) + 1;
  return line[open] === '(' ? keyParts(line, open, find) : line;
}

/** The list of key parts whose parenthesis is at `open`, with the application's names. */
function keyParts(line: string, open: number, find: Find): string {
  let result = line.slice(0, open + 1);
  let at = open + 1;
  for (;;) {
    const part = readName(line, at);
    const column = part === null ? undefined : find(part.name);
    if (part !== null && column !== undefined) {
      result += quote(column.logical, line[at] as string);
      at = part.end;
      const prefix = /^\(\d+\)/.exec(line.slice(at))?.[0] ?? '';
      at += prefix.length;
      if (needsPrefix(column)) result += prefix;
    }
    const end = endOfPart(line, at);
    result += line.slice(at, end);
    if (line[end] !== ',') return result + line.slice(end);
    result += ',';
    at = end + 1;
  }
}

/** The TEXT and BLOB types have keys over a prefix only; ciphertext of others has one for its own length. */
function needsPrefix({ type }: ProtectedColumn): boolean {
  return 'base' in type && /text|blob/.test(type.base);
}

/** Offset of the comma or parenthesis that ends a key part. */
function endOfPart(line: string, from: number): number {
  let depth = 0;
  let at = from;
  for (; at < line.length; at++) {
    const sign = line[at] as string;
    if (sign === '`' || sign === '"' || sign === "'") at = endOfQuoted(line, at) - 1;
    else if (sign === '(') depth++;
    else if ((sign === ')' || sign === ',') && depth === 0) return at;
    else if (sign === ')') depth--;
  }
  return at;
}

/** What stands behind the name, as for a column of the declared type. */
function logicalDefinition(
  definition: string,
  column: ProtectedColumn,
  defaults: TableDefaults,
  server: ServerVersion,
): string {
  const declared = declaredType(column.type, server);
  const physical = /^ [a-z]+(?:\([^)]*\))?(?: unsigned)?(?: CHARACTER SET \w+)?(?: COLLATE \w+)?/.exec(
    definition,
  );
  const attributes = definition.slice(physical?.[0].length ?? 0);
  const charset = characterSetText(column, declared, defaults, server);
  return ` ${declared.columnType}${charset}${nullText(attributes, declared, server)}`;
}

/**
 * What a server prints of a column's character set depends on that of the table: both leave out what the column has
 * from the table, save that MySQL writes a collation that is not the default of its character set.
 */
function characterSetText(
  { type }: ProtectedColumn,
  { characterSet, collation }: DeclaredType,
  defaults: TableDefaults,
  server: ServerVersion,
): string {
  if (characterSet === null || collation === null) return '';
  const isWritten = server.kind === 'mysql' && type.kind === 'string' && type.collation !== undefined;
  if (isWritten || collation !== defaults.collation) {
    return ` CHARACTER SET ${characterSet} COLLATE ${collation}`;
  }
  const isPlain = server.kind === 'mariadb' || collation === defaultCollation(characterSet, server);
  return isPlain ? '' : ` COLLATE ${collation}`;
}

/** DEFAULT NULL: MySQL prints none for types that can have no default. NULL: both print it for TIMESTAMP. */
function nullText(attributes: string, { dataType }: DeclaredType, server: ServerVersion): string {
  if (attributes.startsWith(' NOT NULL')) return attributes;
  const explicit = dataType === 'timestamp' ? ' NULL' : '';
  if (server.kind === 'mariadb') return `${explicit}${attributes}`;
  const others = attributes.replace(/^ DEFAULT NULL/, '');
  const hasDefault = !/text$|blob$/.test(dataType);
  const isGiven = others.startsWith(' DEFAULT ');
  return `${explicit}${hasDefault && !isGiven ? ' DEFAULT NULL' : ''}${others}`;
}

function tableDefaults(text: string, server: ServerVersion): TableDefaults {
  const options = text.slice(text.lastIndexOf('\n)'));
  const charset = / DEFAULT CHARSET=(\w+)/.exec(options)?.[1] ?? 'utf8mb4';
  const collation = / COLLATE=(\w+)/.exec(options)?.[1] ?? defaultCollation(charset, server);
  return { collation };
}

/** A name in backticks, in double quotes (ANSI_QUOTES) or, with sql_quote_show_create = 0, in none. */
function readName(line: string, start: number): Name | null {
  const sign = line[start];
  if (sign === '`' || sign === '"') {
    const end = endOfQuoted(line, start);
    return { name: line.slice(start + 1, end - 1).replaceAll(sign + sign, sign), end };
  }
  const word = /^[^\s(),`"']+/.exec(line.slice(start))?.[0];
  return word === undefined ? null : { name: word, end: start + word.length };
}

/** Offset behind the closing quote, which is not one of two. */
function endOfQuoted(line: string, start: number): number {
  const sign = line[start];
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\' && sign === "'") at++;
    else if (line[at] === sign && line[at + 1] === sign) at++;
    else if (line[at] === sign) return at + 1;
  }
  return line.length;
}

/** A name quoted like the one that it takes the place of. */
function quote(name: string, like: string): string {
  const isBare = like !== '`' && like !== '"';
  if (isBare && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  const sign = isBare ? '`' : like;
  return `${sign}${name.replaceAll(sign, sign + sign)}${sign}`;
}

function fold(name: string): string {
  return name.toLowerCase();
}
