import type { Connection, RowDataPacket } from 'mysql2/promise';

const CANNOT_CONVERT_STRING = 3854;

/**
 * How many of the server's sessions fulfil a condition on information_schema.processlist. MySQL can't make that table
 * while any session's statement holds an emoji, as those of tests beside this one do: then it is asked again.
 */
export async function countProcesses(admin: Connection, condition: string): Promise<number> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      const [rows] = await admin.query<RowDataPacket[]>(
        `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE ${condition}`,
      );
      return Number(rows[0]?.['n']);
    } catch (error) {
      if ((error as { errno?: number }).errno !== CANNOT_CONVERT_STRING || Date.now() > deadline) throw error;
    }
  }
}
