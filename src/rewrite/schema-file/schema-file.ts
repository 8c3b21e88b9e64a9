import type { CatalogTable, Dependent } from '../catalog.js';
import type { Dialect } from '../dialect.js';
import {
  type CharacterSet,
  canonicalCharacterSet,
  defaultCollation,
  resolveCharacterSet,
} from './character-set.js';
import { readTableDefinition, type TableDefinition } from './create-table.js';
import { StatementSplitter } from './statement-splitter.js';
import { DefinitionError, TokenCursor } from './token-cursor.js';

/** A view, trigger, routine or event of the file, with its text: whether it names a protected table is for others. */
export interface SchemaObject {
  readonly dependent: Dependent;
  readonly definition: string;
}

/** What could not be read, or is not read on purpose, of a statement that names a table of interest. */
export interface SchemaFileProblem {
  /** `schema.table` */
  readonly table: string;
  /** `what; what to do` */
  readonly message: string;
}

export interface SchemaFile {
  /** By `schema.table`, spelled as in the file. */
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly objects: readonly SchemaObject[];
  readonly problems: readonly SchemaFileProblem[];
}

export interface SchemaFileOptions {
  /** How the file's statements are read: character set, sql_mode, and the server whose defaults hold. */
  readonly dialect: Dialect;
  /** The schema of names without one before the first USE; null: such tables are not known. */
  readonly database: string | null;
  /** Problems are reported for these tables only. */
  readonly isWanted: (schema: string, table: string) => boolean;
}

/**
 * Reads the CREATE TABLE statements of a script: a dump, the result of SHOW CREATE TABLE, or hand-written. USE and
 * CREATE DATABASE are obeyed, other statements are ignored. Pure: the text in, tables out.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html
 */
export function readSchemaFile(text: Uint8Array, options: SchemaFileOptions): SchemaFile {
  const reader = new SchemaFileReader(options);
  const splitter = new StatementSplitter({
    noBackslashEscapes: options.dialect.sqlMode.noBackslashEscapes,
    ansiQuotes: options.dialect.sqlMode.ansiQuotes,
    atLineEnd: false,
    maxBytes: Number.MAX_SAFE_INTEGER,
  });
  for (const { bytes } of [...splitter.push(text), ...splitter.end()]) reader.read(bytes);
  return reader;
}

const OBJECT_KINDS = new Map<string, Dependent['kind']>([
  ['view', 'view'],
  ['trigger', 'trigger'],
  ['procedure', 'routine'],
  ['function', 'routine'],
  ['event', 'event'],
]);

/** How many words may stand between CREATE and VIEW: OR REPLACE, ALGORITHM, DEFINER, SQL SECURITY. */
const LONGEST_OBJECT_HEAD = 24;

class SchemaFileReader implements SchemaFile {
  readonly tables = new Map<string, CatalogTable>();
  readonly objects: SchemaObject[] = [];
  readonly problems: SchemaFileProblem[] = [];
  readonly #options: SchemaFileOptions;
  readonly #schemaCharacterSets = new Map<string, CharacterSet>();
  readonly #serverCharacterSet: CharacterSet;
  #database: string | null;

  constructor(options: SchemaFileOptions) {
    this.#options = options;
    this.#database = options.database;
    const { server } = options.dialect;
    this.#serverCharacterSet = { characterSet: 'utf8mb4', collation: defaultCollation('utf8mb4', server) };
  }

  read(statement: Buffer): void {
    try {
      this.#read(statement);
    } catch (error) {
      // A name that ends in the middle, in a statement that is no CREATE TABLE: it is none of ours.
      if (!(error instanceof DefinitionError)) throw error;
    }
  }

  #read(statement: Buffer): void {
    const cursor = new TokenCursor(statement, this.#options.dialect);
    if (cursor.takeWords('use') && cursor.isName()) {
      this.#database = cursor.name();
      return;
    }
    if (cursor.isWord('alter', 'rename')) {
      this.#noteAlter(cursor);
      return;
    }
    if (!cursor.takeWords('create')) return;
    if (cursor.isWord('database', 'schema')) {
      this.#createDatabase(cursor);
      return;
    }
    // CREATE OR REPLACE TABLE of MariaDB; a temporary table is none of the schema.
    const isReplacing = cursor.peek(2).word === 'table' && cursor.takeWords('or', 'replace');
    if (cursor.takeWords('table')) this.#createTable(cursor, isReplacing);
    else this.#createObject(cursor.isInvalid ? this.#unwrapped(statement) : cursor, statement);
  }

  #noteAlter(cursor: TokenCursor): void {
    if (!cursor.takeWords('alter', 'table') || !cursor.isName()) return;
    const { schema, name } = this.#qualified(cursor);
    if (schema === null || !this.#options.isWanted(schema, name)) return;
    // mysqldump turns keys off and on around the rows.
    if (cursor.isWord('disable', 'enable')) return;
    this.problems.push({
      table: `${schema}.${name}`,
      message: 'an ALTER TABLE of it is not read; give the result of SHOW CREATE TABLE',
    });
  }

  #createDatabase(cursor: TokenCursor): void {
    cursor.next();
    if (cursor.takeWords('if', 'not')) cursor.takeWords('exists');
    if (!cursor.isName()) return;
    const database = cursor.name();
    let characterSet: string | undefined;
    let collation: string | undefined;
    while (!cursor.atEnd) {
      const isCollation = cursor.takeWords('collate');
      if (isCollation || cursor.takeWords('character', 'set') || cursor.takeWords('charset')) {
        cursor.takeSign('=');
        const value = cursor.isString() ? cursor.string() : cursor.isName() ? cursor.name() : undefined;
        if (isCollation) collation = value;
        else characterSet = value === undefined ? undefined : canonicalCharacterSet(value);
      } else {
        cursor.next();
      }
    }
    this.#schemaCharacterSets.set(
      database,
      resolveCharacterSet(
        { characterSet, collation },
        this.#serverCharacterSet,
        this.#options.dialect.server,
      ),
    );
  }

  #createTable(cursor: TokenCursor, isReplacing: boolean): void {
    const ifNotExists = cursor.takeWords('if', 'not', 'exists');
    if (!cursor.isName()) return;
    const { schema, name } = this.#qualified(cursor);
    if (schema === null) return;
    const key = `${schema}.${name}`;
    if (ifNotExists && !isReplacing && this.tables.has(key)) return;
    try {
      const definition = this.#definition(cursor, schema);
      this.tables.set(key, { schema, name, ...definition });
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      this.tables.delete(key);
      if (!this.#options.isWanted(schema, name)) return;
      const reason = cursor.isInvalid ? 'a quote or comment in it does not end' : error.message;
      this.problems.push({ table: key, message: `its CREATE TABLE can't be read: ${reason}` });
    }
  }

  #definition(cursor: TokenCursor, schema: string): TableDefinition {
    const isInParentheses = cursor.isSign('(') && cursor.peek(1).word === 'like';
    if (isInParentheses) cursor.next();
    if (cursor.takeWords('like')) {
      const source = this.#qualified(cursor);
      const table = this.tables.get(`${source.schema}.${source.name}`);
      if (table === undefined)
        throw new DefinitionError('the table that it is LIKE is not in the file before it');
      return { columns: table.columns, keys: table.keys };
    }
    const above = this.#schemaCharacterSets.get(schema) ?? this.#serverCharacterSet;
    return readTableDefinition(cursor, this.#options.dialect.server, above);
  }

  /** mysqldump writes a trigger's body, semicolons and all, in an executable comment, which no server reads so. */
  #unwrapped(statement: Buffer): TokenCursor {
    const text = statement.toString('latin1').replaceAll(/\/\*M?!\d{0,6}|\*\//g, ' ');
    const cursor = new TokenCursor(Buffer.from(text, 'latin1'), this.#options.dialect);
    cursor.takeWords('create');
    return cursor;
  }

  #createObject(cursor: TokenCursor, statement: Buffer): void {
    for (let words = 0; words < LONGEST_OBJECT_HEAD && !cursor.atEnd; words++) {
      const kind = OBJECT_KINDS.get(cursor.next().word);
      if (kind === undefined) continue;
      if (cursor.takeWords('if', 'not')) cursor.takeWords('exists');
      if (!cursor.isName()) return;
      const { schema, name } = this.#qualified(cursor);
      if (schema === null) return;
      const dependent: Dependent =
        kind === 'trigger' ? { kind, schema, name, table: triggerTable(cursor) } : { kind, schema, name };
      this.objects.push({ dependent, definition: statement.toString('utf8') });
      return;
    }
  }

  #qualified(cursor: TokenCursor): { schema: string | null; name: string } {
    const { schema, name } = cursor.qualifiedName();
    return { schema: schema ?? this.#database, name };
  }
}

/** The table behind ON of `BEFORE INSERT ON t`. */
function triggerTable(cursor: TokenCursor): string {
  while (!cursor.atEnd) {
    if (cursor.takeWords('on')) return cursor.isName() ? cursor.qualifiedName().name : '';
    cursor.next();
  }
  return '';
}
