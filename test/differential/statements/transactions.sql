-- # Transactions
-- {
START TRANSACTION;
UPDATE users SET email = 'in' WHERE id = 1;
SELECT email FROM users WHERE id = 1;
ROLLBACK;
SELECT email FROM users WHERE id = 1;
-- }
-- {
BEGIN;
INSERT INTO users (username, email) VALUES ('n1', 'x');
COMMIT;
SELECT username, email FROM users WHERE username = 'n1';
-- }
-- {
START TRANSACTION;
INSERT INTO vault (label, secret) VALUES ('s1', 'x');
SAVEPOINT a;
INSERT INTO vault (label, secret) VALUES ('s2', 'y');
ROLLBACK TO SAVEPOINT a;
RELEASE SAVEPOINT a;
COMMIT;
SELECT label, secret FROM vault ORDER BY id;
-- }
-- {
START TRANSACTION READ ONLY;
SELECT email FROM users WHERE id = 1;
UPDATE users SET email = 'no' WHERE id = 1;
COMMIT;
-- }
-- {
SET autocommit = 0;
DELETE FROM users WHERE id = 1;
ROLLBACK;
SELECT id FROM users WHERE id = 1;
SET autocommit = 1;
-- }
-- {
SET TRANSACTION READ ONLY;
UPDATE users SET email = 'no' WHERE id = 1;
-- }
-- {
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
START TRANSACTION;
SELECT email FROM users WHERE id = 1;
COMMIT AND CHAIN;
ROLLBACK RELEASE;
-- }
-- {
START TRANSACTION WITH CONSISTENT SNAPSHOT;
SELECT COUNT(*) FROM users;
COMMIT;
-- }
-- {
XA START '{db}';
UPDATE users SET email = 'xa' WHERE id = 1;
XA END '{db}';
XA ROLLBACK '{db}';
-- }
-- {
START TRANSACTION;
UPDATE users SET nothing = 1;
UPDATE users SET email = 'after' WHERE id = 2;
COMMIT;
-- }
-- # Diagnostics
-- {
UPDATE users SET email = 'x' WHERE id < 4;
SELECT ROW_COUNT();
-- }
-- {
INSERT INTO vault (label, secret) VALUES ('a', 'b'), ('c', 'd');
SELECT LAST_INSERT_ID() >= 500;
SELECT ROW_COUNT();
-- }
-- {
SELECT nothing FROM users;
SHOW WARNINGS;
SHOW ERRORS;
-- }
-- {
SELECT email + 0 FROM users WHERE id = 1;
SHOW COUNT(*) WARNINGS;
SELECT @@warning_count;
-- }
-- expect: differs rows: the database raised it by an expression (raised-error.ts)
-- {
INSERT INTO users (username, level) VALUES ('n1', 300);
SHOW WARNINGS;
-- }
-- {
INSERT INTO users (username, email) VALUES ('user1', 'dup');
SHOW WARNINGS;
-- }
-- {
DO 1/0;
GET DIAGNOSTICS @n = NUMBER;
SELECT @n;
-- }
-- # Session settings
-- {
SET sql_mode = '';
INSERT INTO users (username, code) VALUES ('n1', 'toolong');
SELECT code FROM users WHERE username = 'n1';
-- }
-- {
SET sql_mode = '';
INSERT INTO users (username, level, age) VALUES ('n1', 300, '12abc');
SELECT level, age FROM users WHERE username = 'n1';
-- }
-- {
SET sql_mode = '';
UPDATE users SET level = 300 WHERE id = 1;
-- }
-- {
SET sql_mode = '';
SELECT phone, email FROM users WHERE id = 1 GROUP BY phone;
-- }
-- {
SET sql_mode = 'ANSI_QUOTES';
SELECT "email" FROM "users" WHERE "id" = 1;
UPDATE "users" SET "email" = 'ansi' WHERE "id" = 1;
-- }
-- {
SET sql_mode = 'ANSI';
SELECT email || '!' FROM users WHERE id = 1;
SELECT COUNT (*) FROM users;
-- }
-- {
SET sql_mode = 'PIPES_AS_CONCAT';
SELECT id FROM users WHERE phone = '1' || '11' ORDER BY id;
UPDATE users SET email = email || '+' || phone WHERE id < 5;
-- }
-- {
SET sql_mode = 'NO_BACKSLASH_ESCAPES';
SELECT id FROM users WHERE nick = 'back\slash';
INSERT INTO users (username, email) VALUES ('n1', 'a\nb');
SELECT HEX(email) FROM users WHERE username = 'n1';
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_mode = 'PAD_CHAR_TO_FULL_LENGTH';
SELECT CONCAT('[', code, ']') FROM users WHERE id < 4 ORDER BY id;
-- }
-- {
SET sql_mode = 'NO_ZERO_DATE,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO';
INSERT INTO vault (id, secret) VALUES (0, 'zero');
SELECT id, secret FROM vault WHERE id = 0;
-- }
-- {
SET sql_mode = 'HIGH_NOT_PRECEDENCE';
SELECT id FROM users WHERE NOT age BETWEEN 10 AND 40 ORDER BY id;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_safe_updates = 1;
UPDATE users SET email = 'x';
UPDATE users SET email = 'x' WHERE id = 1;
DELETE FROM users;
-- }
-- {
SET sql_select_limit = 2;
SELECT id, email FROM users ORDER BY id;
-- }
-- {
SET NAMES latin1;
SELECT id FROM users WHERE email = 'bob@y.org' ORDER BY id;
SELECT email FROM users WHERE id = 6;
-- }
-- {
SET NAMES utf8mb3;
SELECT id, email FROM users WHERE id < 8 ORDER BY id;
-- }
-- {
SET NAMES utf8mb4 COLLATE utf8mb4_bin;
SELECT id FROM users WHERE email = 'ANNA@x.com' ORDER BY id;
SELECT id FROM users WHERE 'ANNA@x.com' = email ORDER BY id;
SELECT id FROM users WHERE email LIKE 'A%' ORDER BY id;
-- }
-- {
SET collation_connection = utf8mb4_unicode_ci;
SELECT id FROM users WHERE email = 'STRASSE@x.com' ORDER BY id;
SELECT id FROM users WHERE nick = CONCAT('an', 'na') ORDER BY id;
-- }
-- {
SET character_set_results = latin1;
SELECT id, email, nick FROM users WHERE id < 9 ORDER BY id;
-- }
-- {
SET character_set_results = NULL;
SELECT id, email, nick FROM users WHERE id < 9 ORDER BY id;
-- }
-- {
SET time_zone = '+05:00';
SELECT id, email, created_at FROM users WHERE id < 4 ORDER BY id;
-- }
-- {
SET group_concat_max_len = 10;
SELECT GROUP_CONCAT(email ORDER BY id) FROM users;
-- }
-- {
SET optimizer_switch = 'derived_merge=off';
SELECT id, email FROM users WHERE phone = '111' ORDER BY id;
SELECT u.email, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id ORDER BY u.id, o.id;
-- }
-- expect: mysql differs kind: it counts all tenants' rows
-- {
SET max_join_size = 1;
SELECT COUNT(*) FROM users;
-- }
-- only: mysql
-- {
SET sql_require_primary_key = 1;
SELECT id FROM users WHERE id = 1;
-- }
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_mode = 'ORACLE';
SELECT id, email FROM users WHERE phone = '' ORDER BY id;
-- }
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_mode = 'EMPTY_STRING_IS_NULL';
SELECT id FROM users WHERE phone = '' ORDER BY id;
INSERT INTO users (username, email) VALUES ('n1', '');
SELECT email FROM users WHERE username = 'n1';
-- }
-- # USE and schemas
-- {
USE information_schema;
SELECT email FROM {db}.users WHERE id = 1;
UPDATE {db}.users SET email = 'from afar' WHERE id = 1;
SELECT users.email, {db}.users.id FROM {db}.users WHERE {db}.users.id = 2;
-- }
