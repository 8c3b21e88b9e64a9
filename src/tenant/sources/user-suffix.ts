import { ProxyError } from '../../errors.js';

/**
 * From this many bytes on client libraries and servers cut user names without a word (32 characters of 3 bytes), and a
 * suffix that was cut can be another tenant's id.
 */
const CUT_USER_NAME_BYTES = 96;

export interface SuffixedUser {
  /** What the backend gets to see. */
  readonly user: string;
  /** undefined: the name has no suffix. May be empty. */
  readonly tenant: string | undefined;
}

/**
 * `app%tenant-001` → user `app`, tenant `tenant-001`; at the last `%`, so that a user name may hold one.
 * Throws TC_LIMIT for a name that may have been cut.
 */
export function splitUserSuffix(user: string): SuffixedUser {
  if (Buffer.byteLength(user) >= CUT_USER_NAME_BYTES) {
    throw new ProxyError(
      'TC_LIMIT',
      `the user name with its tenant suffix has ${CUT_USER_NAME_BYTES} bytes or more and may have been cut; use a shorter one`,
    );
  }
  const at = user.lastIndexOf('%');
  return at < 0 ? { user, tenant: undefined } : { user: user.slice(0, at), tenant: user.slice(at + 1) };
}
