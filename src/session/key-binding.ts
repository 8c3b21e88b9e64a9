import { ProxyError } from '../errors.js';
import { ConstantCipher } from '../keys/constant-cipher.js';
import { foldKey } from '../keys/fold-key.js';
import type { TenantKey } from '../keys/key-provider.js';
import { blobParameter, nullParameter } from '../protocol/command-phase/parameters.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';

/** The user variable that carries the key, and how it is set: the key itself is never in SQL text (design.md §5). */
export const KEY_VARIABLE = '__tc_key';
const SET_KEY = `SET @${KEY_VARIABLE} = ?`;

/** Bytes of an AES-128 key: what AES_ENCRYPT folds a key to. */
const KEY_SIZE = 16;

/** What a session needs of the key cache. */
export interface Keys {
  fetch(tenant: string): Promise<TenantKey>;
  peekVersion(tenant: string): string | undefined;
  /** A copy of the key in memory. */
  peek(tenant: string): TenantKey | undefined;
}

/**
 * Which tenant's key is set on the backend session, known at every moment: from before a new one is sent until its OK
 * has come, none is.
 */
export class KeyBinding {
  readonly #own: OwnCommands;
  readonly #keys: Keys;
  #statementId: number | null = null;
  #tenant: string | null = null;
  #version: string | null = null;
  /** The key that is set, where the cache does not keep it: until the next one, or the session's end. */
  #spare: TenantKey | null = null;
  readonly #encrypts: boolean;

  /** @param encrypts whether constants are encrypted here as well (`constants: proxy`) */
  constructor(own: OwnCommands, keys: Keys, encrypts = false) {
    this.#own = own;
    this.#keys = keys;
    this.#encrypts = encrypts;
  }

  /** Whose key is set; null: nobody's. */
  get tenant(): string | null {
    return this.#tenant;
  }

  /** Whether the tenant's current key is set. False once the key has expired from the cache: it may be disabled. */
  isCurrent(tenant: string): boolean {
    return (
      this.#tenant === tenant && this.#version !== null && this.#keys.peekVersion(tenant) === this.#version
    );
  }

  /**
   * Encrypts with the key that is set. Of use until the present task ends: then it forgets the key.
   * @throws ProxyError TC_KEY_UNAVAILABLE
   */
  cipher(tenant: string): ConstantCipher {
    const kept = this.#keys.peek(tenant);
    const key = kept?.version === this.#version ? kept : this.#spare;
    if (key === null || this.#tenant !== tenant) {
      kept?.dispose();
      throw new ProxyError('TC_KEY_UNAVAILABLE', 'the key is not at hand for constants; try again');
    }
    const cipher = new ConstantCipher(key);
    kept?.dispose();
    queueMicrotask(() => cipher.dispose());
    return cipher;
  }

  /** Forgets the key's bytes: the session has ended. */
  release(): void {
    this.#spare?.dispose();
    this.#spare = null;
  }

  /** The backend session was reset: it has lost the statement and the variable. */
  forget(): void {
    this.release();
    this.#statementId = null;
    this.#tenant = null;
    this.#version = null;
  }

  /** Prepares the statement that sets the key. @throws OwnCommandError */
  async prepare(): Promise<void> {
    this.#statementId ??= await this.#own.prepare(SET_KEY);
  }

  /**
   * Sets the tenant's key on the session.
   * @throws ProxyError TC_KEY_UNAVAILABLE, TC_BACKEND; then no key or the one before is set, and `tenant` says which
   */
  async bind(tenant: string): Promise<void> {
    let key: TenantKey;
    try {
      key = await this.#keys.fetch(tenant);
    } catch (error) {
      // Another tenant's key must not stay where this one's is expected.
      if (this.#tenant !== null && this.#tenant !== tenant) await this.unbind();
      throw error;
    }
    const { version } = key;
    const folded = foldKey(key.bytes, KEY_SIZE);
    this.release();
    if (this.#encrypts && this.#keys.peekVersion(tenant) !== version) this.#spare = key;
    else key.dispose();
    this.#tenant = null;
    this.#version = null;
    try {
      await this.#execute(folded);
    } catch (error) {
      this.release();
      throw error;
    } finally {
      folded.fill(0);
    }
    this.#tenant = tenant;
    this.#version = version;
  }

  /** Sets the variable to NULL. @throws ProxyError TC_BACKEND */
  async unbind(): Promise<void> {
    this.release();
    this.#tenant = null;
    this.#version = null;
    if (this.#statementId !== null) await this.#execute(null);
  }

  async #execute(value: Buffer | null): Promise<void> {
    try {
      await this.prepare();
      const parameter = value === null ? nullParameter() : blobParameter(value);
      if (this.#statementId !== null) await this.#own.executeSecret(this.#statementId, [parameter]);
    } catch (error) {
      if (!(error instanceof OwnCommandError)) throw error;
      throw new ProxyError(
        'TC_BACKEND',
        `the server did not take the key (error ${error.errorCode}); try again, or look into its log`,
        { cause: error },
      );
    }
  }
}
