/**
 * Other words for data types, in lower case, by the word that information_schema has for the type.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/other-vendor-data-types.html, https://mariadb.com/kb/en/data-types/
 */
export const TYPE_SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['integer', 'int'],
  ['int1', 'tinyint'],
  ['int2', 'smallint'],
  ['int3', 'mediumint'],
  ['int4', 'int'],
  ['int8', 'bigint'],
  ['middleint', 'mediumint'],
  ['dec', 'decimal'],
  ['numeric', 'decimal'],
  ['fixed', 'decimal'],
  ['number', 'decimal'],
  ['real', 'double'],
  ['float4', 'float'],
  ['float8', 'double'],
  ['character', 'char'],
  ['nchar', 'char'],
  ['nvarchar', 'varchar'],
  ['varcharacter', 'varchar'],
  ['varchar2', 'varchar'],
  ['raw', 'varbinary'],
  ['clob', 'longtext'],
]);
