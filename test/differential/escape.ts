import type { DeclaredTable, Value } from './schema.js';

/** Shorter values may be anything's, and with quotes or backslashes in them they look otherwise in a statement. */
const MARK = /^(?=.*\p{L})[^'\\]{5,}$/u;

/**
 * Finds plaintext of protected columns where it is not encrypted. Contents that are the same on both sides do not show
 * it: the plain database's columns are all alike.
 */
export class EscapeWatch {
  /** Values of protected columns at the start that no other column holds. */
  readonly #marks: readonly string[];

  constructor(private readonly tables: readonly DeclaredTable[]) {
    const inside = new Set<string>();
    const outside: string[] = [];
    for (const { columns, rows } of tables) {
      const stored = columns.filter(({ plain }) => !plain.includes('GENERATED'));
      for (const row of rows) {
        for (const [index, value] of row.entries()) {
          if (stored[index]?.sealed === undefined) outside.push(textOf(value));
          else if (MARK.test(textOf(value))) inside.add(textOf(value));
        }
      }
    }
    this.#marks = [...inside].filter((mark) => !outside.some((value) => value.includes(mark)));
    if (this.#marks.length === 0) throw new Error('no protected value could be told from others');
  }

  /**
   * @param contents as {@link Databases.contents} gives them
   * @param written what the client has written itself: the statement, its parameters
   * @returns table, column and value of plaintext that stands open, or null
   */
  find(contents: ReadonlyMap<string, readonly string[]>, written: string): string | null {
    const marks = this.#marks.filter((mark) => !written.includes(mark));
    for (const { name, columns } of this.tables) {
      const open = columns.flatMap(({ sealed }, index) => (sealed === undefined ? [index] : []));
      for (const row of contents.get(name) ?? []) {
        const cells = row.split('|');
        for (const index of open) {
          const value = Buffer.from(cells[index] ?? '', 'hex').toString();
          if (!marks.some((mark) => value.includes(mark))) continue;
          return `${name}.${columns[index]?.name}: ${value}`;
        }
      }
    }
    return null;
  }
}

function textOf(value: Value): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : String(value ?? '');
}
