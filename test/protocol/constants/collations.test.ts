import { describe, expect, it } from 'vitest';
import {
  BINARY_COLLATION_ID,
  charsetOfCollation,
  collationById,
  collationByName,
  type ServerFlavor,
} from '../../../src/protocol/constants/collations.js';

describe('collations', () => {
  it.each<[number, ServerFlavor, string, string]>([
    [8, 'mysql', 'latin1_swedish_ci', 'latin1'],
    [33, 'mariadb', 'utf8mb3_general_ci', 'utf8mb3'],
    [45, 'mysql', 'utf8mb4_general_ci', 'utf8mb4'],
    [46, 'mariadb', 'utf8mb4_bin', 'utf8mb4'],
    [BINARY_COLLATION_ID, 'mysql', 'binary', 'binary'],
    [224, 'mysql', 'utf8mb4_unicode_ci', 'utf8mb4'],
    [255, 'mysql', 'utf8mb4_0900_ai_ci', 'utf8mb4'],
    [309, 'mysql', 'utf8mb4_0900_bin', 'utf8mb4'],
    [1070, 'mariadb', 'utf8mb4_nopad_bin', 'utf8mb4'],
    [2304, 'mariadb', 'utf8mb4_uca1400_ai_ci', 'utf8mb4'],
    [245, 'mysql', 'utf8mb4_croatian_ci', 'utf8mb4'],
    [245, 'mariadb', 'utf8mb4_croatian_mysql561_ci', 'utf8mb4'],
  ])('id %d on %s is %s', (id, server, name, charset) => {
    expect(collationById(id, server)).toEqual({ id, name, charset });
    expect(collationByName(name, server)?.id).toBe(id);
    expect(charsetOfCollation(id)).toBe(charset);
  });

  it('knows what a server does not have', () => {
    expect(collationById(255, 'mariadb')).toBeUndefined();
    expect(collationById(2304, 'mysql')).toBeUndefined();
    expect(collationByName('utf8mb4_0900_ai_ci', 'mariadb')).toBeUndefined();
    expect(charsetOfCollation(0)).toBeUndefined();
  });
});
