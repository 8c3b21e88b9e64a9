import type { Capabilities } from '../protocol/constants/capabilities.js';
import type { BinaryRowLayout } from '../protocol/resultset/binary-row-layout.js';
import type { ResultsetMetadata } from '../protocol/resultset-metadata.js';
import type { Catalog } from '../rewrite/catalog.js';
import type { ColumnRestoration } from '../rewrite/plan.js';

/** What a result begins with, and how its rows lie. */
export interface KnownBeginning {
  readonly metadata: ResultsetMetadata;
  /** null: rows pass as they come. */
  readonly rowLayout: BinaryRowLayout | null;
}

/** Of one plan's results, by what decides how they look besides the definitions themselves. */
interface KnownMetadata {
  readonly catalog: Catalog;
  readonly capabilities: Capabilities;
  readonly isBinary: boolean;
  readonly begin: KnownBeginning;
}

/** Clients of so many kinds, text and binary counted apart, are remembered at the same time. */
const MAX_REMEMBERED = 8;

/** Remembers what the metadata of results became, for the sessions of a process. Forgotten with the plan. */
export class RestoredMetadata {
  readonly #known = new WeakMap<ColumnRestoration, KnownMetadata[]>();

  /** What the result began with the last time; null when nothing is known that is true still. */
  get(
    restoration: ColumnRestoration,
    catalog: Catalog,
    capabilities: Capabilities,
    isBinary: boolean,
  ): KnownBeginning | null {
    const known = this.#known.get(restoration);
    if (known === undefined) return null;
    for (const one of known) {
      if (isSame(one, catalog, capabilities, isBinary)) return one.begin;
    }
    return null;
  }

  /** @param begin as the client gets it: a function of the bytes and of the other arguments, and nothing else */
  set(
    restoration: ColumnRestoration,
    catalog: Catalog,
    capabilities: Capabilities,
    isBinary: boolean,
    begin: KnownBeginning,
  ): void {
    const others = (this.#known.get(restoration) ?? []).filter(
      (one) => one.catalog === catalog && !isSame(one, catalog, capabilities, isBinary),
    );
    const latest = { catalog, capabilities, isBinary, begin };
    this.#known.set(restoration, [latest, ...others.slice(0, MAX_REMEMBERED - 1)]);
  }
}

function isSame(
  one: KnownMetadata,
  catalog: Catalog,
  { flags, mariadb }: Capabilities,
  isBinary: boolean,
): boolean {
  return (
    one.catalog === catalog &&
    one.isBinary === isBinary &&
    one.capabilities.flags === flags &&
    one.capabilities.mariadb === mariadb
  );
}
