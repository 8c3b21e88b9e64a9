/** A place among the sessions, from accept to close. */
export interface Admission {
  /** The client is logged in or gone: it no longer counts as unauthenticated. Can be called again. */
  authenticated(): void;
  /** The session is over. Can be called again. */
  release(): void;
}

/** Counts sessions against `limits.sessions` and `limits.unauthenticated`. */
export class SessionLimits {
  readonly #maxSessions: number;
  readonly #maxUnauthenticated: number;
  #sessions = 0;
  #unauthenticated = 0;

  constructor(limits: { readonly sessions: number; readonly unauthenticated: number }) {
    this.#maxSessions = limits.sessions;
    this.#maxUnauthenticated = limits.unauthenticated;
  }

  /** Sessions now, logged in or not. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Of these, the ones that have not logged in. */
  get unauthenticated(): number {
    return this.#unauthenticated;
  }

  /** Takes a place; `null` when there is none. */
  admit(): Admission | null {
    if (this.#sessions >= this.#maxSessions || this.#unauthenticated >= this.#maxUnauthenticated) return null;
    this.#sessions += 1;
    this.#unauthenticated += 1;
    let isUnauthenticated = true;
    let isOpen = true;
    const authenticated = (): void => {
      if (isUnauthenticated) this.#unauthenticated -= 1;
      isUnauthenticated = false;
    };
    return {
      authenticated,
      release: () => {
        authenticated();
        if (isOpen) this.#sessions -= 1;
        isOpen = false;
      },
    };
  }
}
