import { COLLATIONS_OF_BOTH, COLLATIONS_OF_MARIADB, COLLATIONS_OF_MYSQL } from './collation-table.js';

/*
 * Collation ids as in the greeting, HandshakeResponse41, COM_CHANGE_USER and ColumnDefinition41. An id stands for the
 * same character set on both servers, but not always for a collation of the same name.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_character_set.html
 */

export interface Collation {
  readonly id: number;
  readonly name: string;
  readonly charset: string;
}

export type ServerFlavor = 'mysql' | 'mariadb';

/** The id of collation and character set `binary`: bytes, not text. */
export const BINARY_COLLATION_ID = 63;

function* parse(table: string): Generator<Collation> {
  let charset = '';
  for (const line of table.split('\n')) {
    const fields = line.trim().split(' ');
    if (!line.startsWith(' ')) charset = fields.shift()?.slice(0, -1) ?? '';
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const suffix = fields[i + 1] ?? '';
      yield { id: Number(fields[i]), name: suffix === '=' ? charset : `${charset}_${suffix}`, charset };
    }
  }
}

interface Index {
  readonly byId: ReadonlyMap<number, Collation>;
  readonly byName: ReadonlyMap<string, Collation>;
}

function index(...tables: readonly string[]): Index {
  const byId = new Map<number, Collation>();
  const byName = new Map<string, Collation>();
  for (const table of tables) {
    for (const collation of parse(table)) {
      byId.set(collation.id, collation);
      byName.set(collation.name, collation);
    }
  }
  return { byId, byName };
}

const indexes: Readonly<Record<ServerFlavor, Index>> = {
  mysql: index(COLLATIONS_OF_BOTH, COLLATIONS_OF_MYSQL),
  mariadb: index(COLLATIONS_OF_BOTH, COLLATIONS_OF_MARIADB),
};

/** The collation with this id on this server, `undefined` for ids that it does not know. */
export function collationById(id: number, server: ServerFlavor): Collation | undefined {
  return indexes[server].byId.get(id);
}

/** The collation of this name (lower case, as the server lists it), `undefined` when the server has none. */
export function collationByName(name: string, server: ServerFlavor): Collation | undefined {
  return indexes[server].byName.get(name);
}

/** The character set of a collation id, which does not depend on the server; `undefined` for an unknown id. */
export function charsetOfCollation(id: number): string | undefined {
  return (indexes.mariadb.byId.get(id) ?? indexes.mysql.byId.get(id))?.charset;
}
