import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sockaddr_un.sun_path holds 108 bytes with its NUL; MariaDB silently truncates longer ones. */
const LONGEST_SOCKET_PATH = 100;

/**
 * A new folder for one server, with a name short enough for Unix sockets in it. Who makes it deletes it.
 * @param label two or three letters that tell whose it is
 */
export function tempFolder(label: string): string {
  const prefix = `tc-${label}-`;
  const preferred = realpathSync(tmpdir());
  const parent = preferred.length + prefix.length + 20 > LONGEST_SOCKET_PATH ? '/tmp' : preferred;
  return mkdtempSync(join(parent, prefix));
}
