/** Names that the rewriter writes as hexadecimal literals, as text. */
export function readable(sql: string): string {
  return sql.replaceAll(
    /_utf8mb4 x'([0-9a-f]*)'/g,
    (_, hex: string) => `'${Buffer.from(hex, 'hex').toString()}'`,
  );
}
