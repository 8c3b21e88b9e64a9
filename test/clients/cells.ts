/** What is tried of a client, in the order of the columns of docs/clients.md. */
export const FEATURES = [
  'connect',
  'CRUD',
  'NULL',
  'emoji',
  '1 MiB',
  'transaction',
  'errors',
  'refusal',
  'tenants',
  'batch',
  'stream',
  'reconnect',
  'ciphertext',
] as const;
export type Feature = (typeof FEATURES)[number];

/** Those that have no meaning where there is no proxy. */
export const PROXY_FEATURES: readonly string[] = ['refusal', 'tenants', 'ciphertext'];

/** One thing tried once: passed when `problem` is null. */
export interface Cell {
  readonly client: string;
  readonly version: string;
  readonly mode: string;
  readonly server: string;
  readonly tls: boolean;
  readonly feature: string;
  readonly problem: string | null;
  /** what the same client fails with at the same thing straight on the server: then it is no failure of the proxy */
  readonly straight: string | null;
}

export type Outcome = 'passed' | 'failed' | 'client';

/** `client`: it fails without the proxy too. */
export function outcomeOf(cell: Cell): Outcome {
  if (cell.problem === null) return 'passed';
  return cell.straight === null ? 'failed' : 'client';
}

/** Throws with both values when they differ; what each case is made of. */
export function expectEqual(what: string, got: unknown, wanted: unknown): void {
  const [left, right] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${what}: got ${left?.slice(0, 400)}, wanted ${right?.slice(0, 400)}`);
}

/** Runs a case. @returns null when it did not throw, else what went wrong in one line */
export async function problemOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.replace(/\s*\n\s*/g, ' ').slice(0, 1_000);
  }
}
