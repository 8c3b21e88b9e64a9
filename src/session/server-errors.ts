import { BufferWriter } from '../protocol/buffer-writer.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { decodeErrPacket, encodeErrPacket } from '../protocol/resultset/err-packet.js';
import type { Catalog } from '../rewrite/catalog.js';
import type { ProtectedTable } from '../rewrite/protected-table.js';
import { raisedError } from '../rewrite/raised-error.js';
import { wideTextOf } from './wide-text.js';

/*
 * Errors that the server raises for a rewritten statement, in the words of the statement that the client sent: logical
 * names instead of physical ones, no variable of ours, no ciphertext (semantics.md 12, bypasses.md 26).
 */

const VARIABLE = /@[`"]?__tc_[0-9A-Za-z_$]*[`"]?/g;
/** `Duplicate entry '<values>' for key '<key>'`. */
const DUPLICATE = /^(Duplicate entry ')([\s\S]*)(' for key '([^']*)')$/;
const HIDDEN = '<encrypted>';

export class ServerErrors {
  readonly #tables: readonly ProtectedTable[];
  /** Physical names that differ from the logical ones, with what stands for them. */
  readonly #names: readonly { readonly pattern: RegExp; readonly logical: string }[];

  constructor(tables: readonly ProtectedTable[]) {
    this.#tables = tables;
    const names = new Map<string, string>();
    for (const table of tables) {
      for (const { physical, logical } of table.columns.values()) {
        if (physical !== logical) names.set(physical, logical);
      }
    }
    this.#names = [...names].map(([physical, logical]) => ({
      pattern: new RegExp(`(?<![\\p{L}\\p{N}_$])${escapeRegExp(physical)}(?![\\p{L}\\p{N}_$])`, 'giu'),
      logical,
    }));
  }

  /**
   * @param payload an ERR packet in answer to a rewritten statement
   * @returns the payload to send in its place, null when it may go as it is
   */
  normalise(payload: Buffer, catalog: Catalog | null): Buffer | null {
    const packet = decodeErrPacket(payload);
    // Bytes to letters one by one: the text may be in any character set, ciphertext in none.
    const wide = wideTextOf(packet.errorMessage);
    const before = (wide === null ? packet.errorMessage : wide.narrow(packet.errorMessage)).toString(
      'latin1',
    );
    const sent = (text: Buffer): Buffer => (wide === null ? text : wide.widen(text));
    const raised = packet.errorCode === ErrorNumber.ER_DATA_OUT_OF_RANGE ? raisedError(before) : null;
    if (raised !== null) {
      const writer = new BufferWriter(payload.length + 64);
      const { errno, sqlState, message } = raised;
      encodeErrPacket(writer, { errorCode: errno, sqlState, errorMessage: sent(Buffer.from(message)) });
      return writer.view();
    }
    let text = before;
    if (packet.errorCode === ErrorNumber.ER_DUP_ENTRY) text = this.#withoutValues(text, catalog);
    text = text.replace(VARIABLE, '@?');
    for (const { pattern, logical } of this.#names) text = text.replace(pattern, () => logical);
    if (text === before) return null;
    const writer = new BufferWriter(payload.length + 64);
    encodeErrPacket(writer, { ...packet, errorMessage: sent(Buffer.from(text, 'latin1')) });
    return writer.view();
  }

  /** The values of a key with a protected column are ciphertext: all of them go, since `-` also joins them. */
  #withoutValues(text: string, catalog: Catalog | null): string {
    const match = DUPLICATE.exec(text);
    if (match === null) return text;
    const [, head = '', , tail = '', key = ''] = match;
    return this.#isPlainKey(key, catalog) ? text : `${head}${HIDDEN}${tail}`;
  }

  /** Whether it is known that no key of this name holds a protected column. MySQL writes `table.key`. */
  #isPlainKey(key: string, catalog: Catalog | null): boolean {
    const name = key.slice(key.lastIndexOf('.') + 1).toLowerCase();
    let isKnown = false;
    for (const table of this.#tables) {
      const live = catalog?.tables.get(`${table.schema}.${table.table}`);
      const physical = new Set([...table.columns.values()].map((column) => column.physical.toLowerCase()));
      for (const candidate of live?.keys ?? []) {
        if (candidate.name.toLowerCase() !== name) continue;
        isKnown = true;
        if (candidate.columns.some((column) => physical.has(column.replace(/\(\d+\)$/, '').toLowerCase()))) {
          return false;
        }
      }
    }
    return isKnown;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
