import { describe, expect, it } from 'vitest';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

const RESERVED: readonly string[] = [
  'SELECT @__tc_key', 'SELECT @__TC_KEY', 'SELECT @`__tc_key`', "SELECT @'__tc_key'", 'SELECT @"__tc_key"', "SELECT @'__t\\c_key'", 'SELECT @`__tc_key `', 'SELECT @`__tç_key`',
  'SELECT @__tc_anything', 'SELECT @é', 'SET @__tc_key = NULL', 'SELECT 1 INTO @__tc_key', "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = @__tc_key", 'EXECUTE s USING @__tc_key',
  "LOAD DATA INFILE 'x' INTO TABLE orders (@__tc_key)", 'SHOW USER_VARIABLES', 'SELECT * FROM information_schema.user_variables', 'TABLE `USER_VARIABLES`',
  'SELECT * FROM performance_schema.user_variables_by_thread', 'FLUSH USER_VARIABLES', 'CREATE PROCEDURE p() SELECT @__tc_key', 'SELECT /*!50000 @__tc_key */',
  "SELECT ExtractValue('<a/>', '$@__tc_key')", "SELECT ExtractValue('<a/>', '/a[$@i]/b[$@__TC_key]')", "SELECT ExtractValue('<a/>', '$ @__tc_key')", "SELECT ExtractValue('<a/>', '$@__t\u00e7_key')", "SELECT ExtractValue('<a/>', '$@\u00e9')", "SELECT ExtractValue('<a/>', '$@')", "SELECT ExtractValue('<a/>', '$@__tc_key' COLLATE utf8mb4_bin)", "SELECT extractvalue('<a/>', CONCAT('$', '@x'))", "SELECT UPDATEXML('<a/>', @path, '')", "DO `ExtractValue`('<a/>', '$__tcx')",
]; // biome-ignore format: a list

const HARMLESS: readonly string[] = [
  'SELECT @tc_key', 'SELECT @_tc', 'SELECT @@version', "SELECT '@__tc_key'", 'SELECT 1 -- @__tc_key', "SELECT ExtractValue('<a/>', '/a')", "SELECT extractvalue FROM orders", 'CREATE TABLE extractvalue (id INT)', "SELECT ExtractValue('<a/>', '/a/b[$@i]')", "SELECT ExtractValue('<a/>', '/a/b[$i]')", "SELECT extractvalue('<a/>', '/a' COLLATE latin1_bin)", 'CREATE TABLE IF NOT EXISTS updatexml (id INT)', 'INSERT INTO extractvalue (id) VALUES (1)',
  "SELECT UpdateXML(doc, '/a/b', CONCAT('<', 'b/>')) FROM orders", 'SELECT `user_variable` FROM orders', "SELECT 'user_variables'",
]; // biome-ignore format: a list

describe('reserved names', () => {
  it.each(RESERVED)('refused: %s', (sql) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(outcomeOf(newRewriter(), sql, context(dialect))).toMatchObject({
        outcome: 'refused',
        code: 'TC_RESERVED_NAME',
      });
    }
  });

  it.each(HARMLESS)('forwarded: %s', (sql) => {
    for (const dialect of [MYSQL, MARIADB]) {
      expect(outcomeOf(newRewriter(), sql, context(dialect))).toEqual({ outcome: 'forwarded' });
    }
  });
});
