import { BufferWriter } from '../protocol/buffer-writer.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { appendPacket } from '../protocol/packet-writer.js';
import type { ResponseEvent } from '../protocol/response-tracker.js';
import {
  type ColumnDefinition41,
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../protocol/resultset/column-definition-41.js';
import type { Catalog } from '../rewrite/catalog.js';
import { foldLoosely, foldName, hasNonAscii } from '../rewrite/folding.js';
import type { ColumnRestoration } from '../rewrite/plan.js';
import type { ProtectedTable } from '../rewrite/protected-table.js';
import type { RewriteContext } from '../rewrite/rewriter.js';
import { fieldDefinition } from './column-restoration.js';
import { type Codec, UTF8, UTF16, UTF16LE, UTF32 } from './row-restoration.js';

/** Collation id of strings where no column of the table shows that of results: utf8mb4_general_ci. */
const UTF8MB4 = 45;
const BINARY = 63;

/** The name of the catalog, with which a definition begins, as it is under wide character sets of results. */
const DEF = Buffer.from('\x03def');
const WIDE = [UTF16, UTF16LE, UTF32].map((codec) => {
  const name = codec.encode('def');
  return { codec, catalog: Buffer.concat([Buffer.from([name.length]), name]) };
});

export interface FieldListOptions {
  readonly table: ProtectedTable;
  readonly catalog: Catalog;
  readonly server: ColumnRestoration['server'];
  /** Pattern that names have to match; empty: all. */
  readonly wildcard: string;
  readonly capabilities: Capabilities;
  /** Of the answer's first packet. */
  readonly sequenceId: number;
}

/**
 * The answer to COM_FIELD_LIST of a protected table: what arrives of the server's, asked for without a pattern, with
 * the columns that the application knows.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_field_list.html
 */
export class FieldList {
  readonly #options: FieldListOptions;
  readonly #fields: ColumnDefinition41[] = [];
  #last: Buffer = Buffer.alloc(0);
  /** Of the names, by character_set_results. */
  #codec: Codec = UTF8;

  constructor(options: FieldListOptions) {
    this.#options = options;
  }

  packet(event: ResponseEvent, payload: Buffer): void {
    // Ours is only what lies in this chunk.
    const own = Buffer.from(payload);
    if (event.kind === 'definition') {
      const wide = WIDE.find(({ catalog }) => own.subarray(0, catalog.length).equals(catalog));
      this.#codec = wide?.codec ?? UTF8;
      const narrow = wide === undefined ? own : Buffer.concat([DEF, own.subarray(wide.catalog.length)]);
      this.#fields.push(decodeColumnDefinition41(narrow, this.#options.capabilities));
    } else {
      this.#last = own;
    }
  }

  /** The whole answer: definitions and what ends them, or the error. */
  packets(): Buffer {
    const { capabilities } = this.#options;
    const packets = new BufferWriter(1024);
    let { sequenceId } = this.#options;
    const add = (payload: Buffer): void => {
      appendPacket(packets, payload, sequenceId & 0xff);
      sequenceId += 1;
    };
    for (const field of this.#logicalFields()) {
      const payload = new BufferWriter();
      encodeColumnDefinition41(payload, field, capabilities);
      const wide = WIDE.find(({ codec }) => codec === this.#codec);
      add(
        wide === undefined
          ? payload.view()
          : Buffer.concat([wide.catalog, payload.view().subarray(DEF.length)]),
      );
    }
    add(this.#last);
    return packets.view();
  }

  #logicalFields(): ColumnDefinition41[] {
    const { table, catalog, wildcard, server } = this.#options;
    const strings = this.#fields.find(({ characterSet }) => characterSet !== BINARY)?.characterSet ?? UTF8MB4;
    const pattern = wildcard === '' ? null : patternOf(wildcard);
    const columns = [...table.columns.values()];
    const codec = this.#codec;
    const recoded = (utf8: Buffer): Buffer => codec.encode(utf8.toString('utf8'));
    return this.#fields
      .map((field) => {
        const name = foldName(codec.decode(field.name));
        const column = columns.find(({ physical }) => foldName(physical) === name);
        if (column === undefined) return field;
        const restored = fieldDefinition(field, table, column, catalog, strings, server);
        if (codec === UTF8) return restored;
        const { schema, orgTable, name: logical, orgName } = restored;
        return {
          ...restored,
          schema: recoded(schema),
          orgTable: recoded(orgTable),
          name: recoded(logical),
          orgName: recoded(orgName),
        };
      })
      .filter((field) => pattern?.test(codec.decode(field.name)) !== false);
  }
}

/** `%` and `_` as in LIKE, with the backslash before one that stands for itself; case does not count. */
function patternOf(wildcard: string): RegExp {
  const source = wildcard.replaceAll(/\\?./gsu, (sign) => {
    if (sign === '%') return '.*';
    if (sign === '_') return '.';
    const literal = sign.length > 1 && sign.startsWith('\\') ? sign.slice(1) : sign;
    return literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'isu');
}

/** The table's name as it would stand in SQL. */
export function quotedTable(table: Buffer): Buffer {
  return Buffer.from(`\`${table.toString('latin1').replaceAll('`', '``')}\``, 'latin1');
}

/**
 * The protected table that a name without a schema means, as COM_FIELD_LIST gives one.
 * @returns null: none; 'doubtful': the server may fold the name to one, or it is a view over one
 */
export function namedTable(
  name: string,
  tables: readonly ProtectedTable[],
  { database, dialect, catalog }: RewriteContext,
): ProtectedTable | 'doubtful' | null {
  if (database === null) return null;
  const loosely = (schema: string, table: string): boolean =>
    foldLoosely(schema) === foldLoosely(database) && foldLoosely(table) === foldLoosely(name);
  const fold = dialect.lowerCaseTableNames === 0 ? (text: string): string => text : foldName;
  for (const table of tables) {
    if (fold(table.schema) === fold(database) && fold(table.table) === fold(name)) return table;
    const mayFold = dialect.lowerCaseTableNames !== 0 && hasNonAscii(name);
    if (mayFold && loosely(table.schema, table.table)) return 'doubtful';
  }
  const isDependent = catalog.dependents.some((one) => one.kind === 'view' && loosely(one.schema, one.name));
  return isDependent ? 'doubtful' : null;
}
