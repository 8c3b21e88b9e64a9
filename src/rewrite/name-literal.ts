/** A name as a string literal in ASCII, which every server reads alike in whatever sql_mode and character set. */
export function nameLiteral(name: string): string {
  return `_utf8mb4 x'${Buffer.from(name).toString('hex')}'`;
}
