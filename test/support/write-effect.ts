/** What a statement did: error number, or affected rows and insert id; and the table's contents afterwards. */
export interface Effect {
  readonly errno: number | null;
  readonly affectedRows: number | null;
  readonly insertId: number | null;
  /** Rows matched and changed, duplicates, warnings: what the OK packet says in words. */
  readonly info: string | null;
  readonly contents: string;
}

/** What differs, field by field and row by row. */
export function differences(expected: Effect, actual: Effect): string[] {
  const found: string[] = [];
  for (const field of ['errno', 'affectedRows', 'insertId', 'info'] as const) {
    if (expected[field] !== actual[field])
      found.push(`${field}: plain ${expected[field]}, protected ${actual[field]}`);
  }
  const [plain, secure] = [expected.contents.split('\n'), actual.contents.split('\n')];
  for (const row of plain) if (!secure.includes(row)) found.push(`only plain:     ${row}`);
  for (const row of secure) if (!plain.includes(row)) found.push(`only protected: ${row}`);
  return found;
}
