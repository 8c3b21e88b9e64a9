import { createHmac, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isMap, isScalar, parseDocument } from 'yaml';
import { ProxyError } from '../../errors.js';
import { decodeKey, type KeyFormat } from '../decode-key.js';
import { type KeyProvider, KeyUnavailableError, TenantKey } from '../key-provider.js';

export interface FileProviderOptions {
  /** YAML file with a map `tenant: key`. */
  readonly file: string;
  readonly format: KeyFormat;
}

interface Loaded {
  readonly stamp: string;
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * Keys from a file. It is read again when it has changed, so that a corrected file works without a restart. The
 * stored texts stay in memory while it is unchanged.
 */
export class FileProvider implements KeyProvider {
  readonly name = 'file';
  readonly #options: FileProviderOptions;
  /** Versions are a keyed digest under a secret of this process: equal keys have equal ones, and they say no more. */
  readonly #versionSecret = randomBytes(32);
  #loaded: Loaded | undefined;
  #loading: Promise<Loaded> | undefined;

  constructor(options: FileProviderOptions) {
    this.#options = options;
  }

  async fetch(tenant: string): Promise<TenantKey> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    const { keys } = await this.#loading;
    const stored = keys.get(tenant);
    if (stored === undefined) {
      throw new KeyUnavailableError(
        `the key file has no key for the tenant ${tenant}; add a line for it`,
        'tenant',
      );
    }
    const bytes = decodeKey(stored, this.#options.format, `the key of the tenant ${tenant}`);
    const version = createHmac('sha256', this.#versionSecret).update(bytes).digest('hex').slice(0, 32);
    return new TenantKey(bytes, version);
  }

  async #load(): Promise<Loaded> {
    try {
      const { mtimeNs, ctimeNs, size, ino } = await stat(this.#options.file, { bigint: true });
      const stamp = `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
      if (this.#loaded?.stamp === stamp) return this.#loaded;
      this.#loaded = undefined;
      this.#loaded = { stamp, keys: parseKeys(await readFile(this.#options.file, 'utf8')) };
      return this.#loaded;
    } catch (error) {
      if (error instanceof ProxyError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      throw new KeyUnavailableError(
        `the key file can't be read (${code}); see keys.file and its permissions`,
        'provider',
      );
    }
  }
}

function parseKeys(text: string): ReadonlyMap<string, string> {
  // Failsafe: every scalar is text, so that a key of digits keeps its leading zeroes. No pretty errors: they quote it.
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw unusable(`the key file is not valid YAML in line ${line} (${error.code}); correct it`);
  }
  const keys = new Map<string, string>();
  if (document.contents === null) return keys;
  if (!isMap(document.contents))
    throw unusable('the key file is no map; write one line "tenant: key" for each');
  for (const { key, value } of document.contents.items) {
    if (
      !isScalar(key) ||
      !isScalar(value) ||
      typeof key.value !== 'string' ||
      typeof value.value !== 'string'
    ) {
      throw unusable('the key file holds more than a map of texts; write one line "tenant: key" for each');
    }
    keys.set(key.value, value.value);
  }
  return keys;
}

/** The file as a whole is not usable: no tenant's key can be had. */
function unusable(message: string): KeyUnavailableError {
  return new KeyUnavailableError(message, 'provider');
}
