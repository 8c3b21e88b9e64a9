-- # SHOW and DESCRIBE of a protected table
DESCRIBE users;
DESC accounts;
DESCRIBE users email;
DESCRIBE users 'e%';
DESCRIBE {db}.vault;
EXPLAIN users;
SHOW COLUMNS FROM users;
SHOW COLUMNS FROM users LIKE 'e%';
SHOW COLUMNS FROM users WHERE Field = 'email';
SHOW FULL COLUMNS FROM users;
SHOW FIELDS FROM vault;
SHOW COLUMNS FROM vault FROM {db};
SHOW COLUMNS IN vault IN {db};
SHOW CREATE TABLE users;
SHOW CREATE TABLE vault;
SHOW CREATE TABLE {db}.vault;
-- rows: any
SHOW INDEX FROM vault;
-- rows: any
SHOW KEYS FROM vault;
-- rows: any
SHOW INDEXES FROM vault IN {db};
DESCRIBE `Mixed Case`;
SHOW COLUMNS FROM hidden;
SHOW FULL COLUMNS FROM accounts;
SHOW FULL FIELDS FROM hidden;
DESCRIBE hidden;
SHOW FULL COLUMNS FROM `Mixed Case`;
SHOW CREATE TABLE `Mixed Case`;
SHOW CREATE TABLE hidden;
SHOW CREATE TABLE accounts;
DESCRIBE `Mixed Case` `Full Name`;
DESCRIBE users encrypted_email;
DESCRIBE users '%o_e';
EXPLAIN users phone;
SHOW COLUMNS FROM users LIKE 'encrypted%';
SHOW FULL COLUMNS FROM users LIKE 'E%';
SHOW FULL COLUMNS FROM users WHERE Type LIKE 'varchar%' AND `Collation` IS NOT NULL;
SHOW COLUMNS FROM users WHERE Type = 'text' OR field IN ('age', 'level');
SHOW COLUMNS FROM {db}.users WHERE `Field` LIKE 'encrypted%';
SHOW FULL COLUMNS FROM users WHERE Collation = 'utf8mb4_bin';
SHOW COLUMNS FROM users WHERE `Default` IS NULL AND `Null` = 'YES' AND `Key` = 'MUL';
-- rows: any
SHOW INDEX FROM users;
-- rows: any
SHOW INDEX FROM accounts WHERE Column_name = 'phone';
-- rows: any
SHOW KEYS FROM users WHERE Key_name = 'by_age' AND Sub_part IS NULL;
SHOW INDEX FROM users WHERE Column_name LIKE 'encrypted%';
SHOW COLUMNS FROM nothing FROM {db};
SHOW CREATE TABLE bookings;
SHOW FULL COLUMNS FROM bookings;
DESCRIBE bookings;
SHOW COLUMNS FROM bookings WHERE Type LIKE 'd%';
-- {
SET sql_mode = 'ANSI_QUOTES';
SHOW CREATE TABLE users;
SHOW CREATE TABLE "Mixed Case";
SHOW COLUMNS FROM "Mixed Case" LIKE 'full%';
-- }
-- {
SET sql_quote_show_create = 0;
SHOW CREATE TABLE users;
SHOW CREATE TABLE `Mixed Case`;
-- }
-- {
SET NAMES latin1;
SHOW FULL COLUMNS FROM users;
SHOW CREATE TABLE accounts;
SELECT COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users';
-- }
-- # SHOW of others
SHOW TABLES;
SHOW TABLES LIKE 'u%';
SHOW FULL TABLES;
SHOW COLUMNS FROM orders;
SHOW CREATE TABLE notes;
SHOW VARIABLES LIKE 'sql_mode';
SHOW WARNINGS;
SHOW ERRORS;
SHOW COUNT(*) WARNINGS;
SHOW STATUS LIKE 'Nothing%';
SHOW CHARACTER SET LIKE 'utf8mb4';
SHOW COLLATION LIKE 'utf8mb4_bin';
SHOW ENGINES;
SHOW COLUMNS FROM nothing;
-- rows: any
SHOW TABLE STATUS LIKE 'users';
SHOW TRIGGERS;
-- # information_schema
SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users' ORDER BY ORDINAL_POSITION;
SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'vault' ORDER BY ORDINAL_POSITION;
SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE FROM information_schema.columns WHERE table_schema = '{db}' ORDER BY 1, 3;
SELECT INDEX_NAME, COLUMN_NAME, SEQ_IN_INDEX, NON_UNIQUE FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users' ORDER BY 1, 3;
SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1;
SELECT CONSTRAINT_NAME, COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'vault' ORDER BY 1, 2;
SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME LIKE '%email%';
SELECT u.email, t.TABLE_NAME FROM users u JOIN information_schema.TABLES t ON t.TABLE_NAME = 'users' AND t.TABLE_SCHEMA = DATABASE() WHERE u.id = 1;
SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'accounts' AND COLUMN_NAME <> 'tenant_id';
SELECT COLUMN_NAME FROM information_schema.columns WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users' AND COLUMN_NAME LIKE 'encrypted%';
SELECT c.column_name, c.Data_Type FROM Information_Schema.Columns AS c WHERE c.table_schema = '{db}' AND c.table_name = 'users' AND c.column_name IN ('email', 'age') ORDER BY c.column_name;
SELECT c.* FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'hidden' AND c.COLUMN_NAME <> 'tenant_id';
SELECT information_schema.COLUMNS.COLUMN_NAME, COLUMNS.DATA_TYPE FROM information_schema.COLUMNS WHERE COLUMNS.TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users' ORDER BY information_schema.COLUMNS.ORDINAL_POSITION;
SELECT c.COLUMN_NAME, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_OCTET_LENGTH, CHARACTER_SET_NAME, c.COLLATION_NAME FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'users';
SELECT GROUP_CONCAT(CONCAT(d, n) ORDER BY d) FROM (SELECT DATA_TYPE AS d, COUNT(*) AS n FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' GROUP BY DATA_TYPE HAVING COUNT(*) > 1 AND d > 'b') x;
SELECT CONCAT(COALESCE(t, ''), COALESCE(d, ''), n) AS line FROM (SELECT TABLE_NAME AS t, DATA_TYPE AS d, COUNT(*) AS n FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' GROUP BY TABLE_NAME, DATA_TYPE WITH ROLLUP) r ORDER BY 1;
SELECT DISTINCT COLUMN_TYPE, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users';
SELECT s.INDEX_NAME, s.COLUMN_NAME, s.SUB_PART, c.DATA_TYPE FROM information_schema.STATISTICS s JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME WHERE s.TABLE_SCHEMA = '{db}' AND s.TABLE_NAME IN ('users', 'accounts') ORDER BY s.TABLE_NAME, 1, s.SEQ_IN_INDEX;
SELECT (SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME) AS columns_of FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = '{db}' AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY t.TABLE_NAME;
SELECT TABLE_NAME FROM information_schema.TABLES t WHERE TABLE_SCHEMA = '{db}' AND EXISTS (SELECT 1 FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.COLUMN_NAME = 'email') ORDER BY 1;
WITH c AS (SELECT COLUMN_NAME AS n, ORDINAL_POSITION AS p FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users') SELECT GROUP_CONCAT(n ORDER BY p) FROM c WHERE n NOT LIKE 'encrypted%';
SELECT COUNT(*), SUM(x IN ('email', 'secret', 'age')) FROM (SELECT COLUMN_NAME AS x FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'vault' UNION SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users') u;
SELECT u.email, c.COLUMN_TYPE FROM users u JOIN information_schema.COLUMNS c ON c.COLUMN_NAME = 'email' AND c.TABLE_NAME = 'users' AND c.TABLE_SCHEMA = DATABASE() WHERE u.id = 1;
SELECT k.COLUMN_NAME, k.REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE k WHERE k.TABLE_SCHEMA = '{db}' ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION;
SELECT * FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users' ORDER BY COLUMN_NAME, CONSTRAINT_NAME;
SELECT INDEX_NAME, COLUMN_NAME, SUB_PART, NULLABLE FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = '{db}' ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX;
SELECT MAX(CHARACTER_MAXIMUM_LENGTH), MIN(COLUMN_NAME), COUNT(COLLATION_NAME) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}';
SELECT UPPER(column_name), CONCAT(column_name, ' ', column_type) FROM information_schema.columns WHERE table_schema = '{db}' AND table_name = 'accounts' ORDER BY ordinal_position;
-- only: mysql
SELECT COLUMN_NAME FROM information_schema.COLUMNS_EXTENSIONS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users';
-- only: mysql
SELECT COUNT(COLUMN_NAME) FROM information_schema.COLUMN_STATISTICS;
-- only: mysql
TABLE information_schema.COLUMNS_EXTENSIONS LIMIT 0;
-- {
USE information_schema;
SELECT COLUMN_NAME, COLUMN_TYPE FROM COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'vault' ORDER BY ORDINAL_POSITION;
SELECT `columns`.column_name FROM `columns` WHERE table_schema = '{db}' AND table_name = 'users' ORDER BY 1;
USE {db};
-- }
SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'bookings' AND COLUMN_NAME <> 'tenant_id';
-- # information_schema as migration tools ask
SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, extra, column_default, CASE WHEN collation_name = 'utf8mb4_bin' THEN NULL ELSE collation_name END AS collation_name, CASE WHEN column_type LIKE '% unsigned' THEN 1 END AS is_unsigned FROM information_schema.columns WHERE table_name = 'users' AND table_schema = DATABASE() AND column_name <> 'tenant_id';
SELECT column_name AS `name`, data_type AS `type_name`, column_type AS `type`, collation_name AS `collation`, is_nullable AS `nullable`, extra AS `extra` FROM information_schema.columns WHERE table_schema = '{db}' AND table_name = 'accounts';
SELECT index_name AS `name`, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS `columns`, index_type AS `type`, NOT non_unique AS `unique` FROM information_schema.statistics WHERE table_schema = '{db}' AND table_name = 'users' GROUP BY index_name, index_type, non_unique ORDER BY 1;
SELECT column_name column_name, data_type data_type, column_type full_data_type, IF(column_comment = '', NULL, column_comment) AS column_comment, table_name table_name FROM information_schema.columns WHERE table_schema = '{db}' AND table_name IN ('users', 'bookings');
SELECT `kcu`.`TABLE_NAME`, `kcu`.`COLUMN_NAME`, `rc`.`DELETE_RULE` FROM `INFORMATION_SCHEMA`.`KEY_COLUMN_USAGE` `kcu` INNER JOIN `INFORMATION_SCHEMA`.`REFERENTIAL_CONSTRAINTS` `rc` ON `rc`.`CONSTRAINT_SCHEMA` = `kcu`.`TABLE_SCHEMA` AND `rc`.`TABLE_NAME` = `kcu`.`TABLE_NAME` AND `rc`.`CONSTRAINT_NAME` = `kcu`.`CONSTRAINT_NAME` WHERE `kcu`.`TABLE_SCHEMA` = '{db}';
SELECT `s`.* FROM `INFORMATION_SCHEMA`.`STATISTICS` `s` LEFT JOIN (SELECT * FROM `INFORMATION_SCHEMA`.`REFERENTIAL_CONSTRAINTS` WHERE `CONSTRAINT_SCHEMA` = '{db}') `rc` ON `s`.`INDEX_NAME` = `rc`.`CONSTRAINT_NAME` AND `s`.`TABLE_SCHEMA` = `rc`.`CONSTRAINT_SCHEMA` WHERE `s`.`TABLE_SCHEMA` = '{db}' AND `s`.`TABLE_NAME` = 'users' AND `s`.`INDEX_NAME` != 'PRIMARY' AND `rc`.`CONSTRAINT_NAME` IS NULL AND `s`.`CARDINALITY` < 0;
SELECT TABLE_SCHEMA TABLE_CAT, NULL TABLE_SCHEM, TABLE_NAME, COLUMN_NAME, UCASE(DATA_TYPE) TYPE_NAME, IF(COLUMN_TYPE LIKE 'tinyint(1)%', 1, CHARACTER_MAXIMUM_LENGTH) COLUMN_SIZE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA LIKE '{db}' AND COLUMN_NAME LIKE '%mail' ORDER BY TABLE_CAT, TABLE_NAME, ORDINAL_POSITION;
-- {
UPDATE notes n JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'users' AND c.COLUMN_NAME = 'email' SET n.n = c.CHARACTER_MAXIMUM_LENGTH WHERE n.id = 1;
DELETE n FROM notes n, information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'users' AND c.COLUMN_NAME = 'phone' AND n.id = 2;
INSERT INTO notes (text, n) SELECT COLUMN_NAME, CHARACTER_MAXIMUM_LENGTH FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users' AND COLUMN_NAME = 'nick';
SELECT text, n FROM notes ORDER BY id;
-- }
SELECT GROUP_CONCAT(n ORDER BY n) FROM (SELECT COLUMN_NAME AS n FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users' HAVING n LIKE '%e%') x;
SELECT GROUP_CONCAT(CONCAT(r, n) ORDER BY r) FROM (SELECT COLUMN_NAME AS n, ROW_NUMBER() OVER (ORDER BY COLUMN_NAME DESC) AS r FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users') x;
SELECT GROUP_CONCAT(CONCAT(n, COALESCE(i, '-')) ORDER BY n, i) FROM (SELECT c.COLUMN_NAME AS n, s.INDEX_NAME AS i FROM information_schema.COLUMNS c LEFT JOIN information_schema.STATISTICS s ON s.TABLE_SCHEMA = c.TABLE_SCHEMA AND s.TABLE_NAME = c.TABLE_NAME AND s.COLUMN_NAME = c.COLUMN_NAME WHERE c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'users') x;
SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY COLUMN_NAME) FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'users' AND c.COLUMN_NAME NOT IN (SELECT s.COLUMN_NAME FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = '{db}' AND s.TABLE_NAME = 'users');
SELECT GROUP_CONCAT(a.COLUMN_NAME ORDER BY 1) FROM information_schema.COLUMNS a NATURAL JOIN information_schema.COLUMNS b WHERE a.TABLE_SCHEMA = '{db}' AND a.TABLE_NAME = 'vault' AND a.COLUMN_NAME = 'id';
-- # information_schema in groups with HAVING or ROLLUP
select column_type, group_concat(column_name order by column_name) from information_schema.columns where table_schema = '{db}' and table_name = 'users' group by column_type having count(*) >= 1 order by 1;
select table_name, count(*) n from information_schema.columns where table_schema = '{db}' group by table_name having count(*) > 3 order by table_name;
-- only: mysql
select index_name, column_name, count(*) from information_schema.statistics where table_schema = '{db}' and table_name = 'users' group by index_name, column_name with rollup;
