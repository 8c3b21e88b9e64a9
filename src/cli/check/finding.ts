/** `ok`; `warning`: works, but read it; `problem`: must be put right; `skipped`: could not be looked at. */
export type Level = 'ok' | 'warning' | 'problem' | 'skipped';

/** One line of `tenantcrypt check`. */
export interface Finding {
  readonly level: Level;
  /** What was looked at: `backend`, `tenant_app.users.email`. */
  readonly subject: string;
  /** What was found; for warnings and problems `what is wrong; what to do`. Never a secret. */
  readonly message: string;
}

export function ok(subject: string, message: string): Finding {
  return { level: 'ok', subject, message };
}

export function warning(subject: string, message: string): Finding {
  return { level: 'warning', subject, message };
}

export function problem(subject: string, message: string): Finding {
  return { level: 'problem', subject, message };
}

export function skipped(subject: string, message: string): Finding {
  return { level: 'skipped', subject, message };
}

/** `problem  backend: …`, one line whatever the message holds. */
export function formatFinding({ level, subject, message }: Finding): string {
  return `${level.padEnd(8)} ${subject}: ${message.replaceAll(/\s+/g, ' ')}\n`;
}
