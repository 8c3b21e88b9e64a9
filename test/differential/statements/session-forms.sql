-- # Sessions as tools set them up
SELECT DATABASE(), USER() LIKE '%', VERSION() IS NOT NULL, CONNECTION_ID() > 0;
SELECT @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@max_allowed_packet > 0, @@sql_mode AS sql_mode, @@autocommit;
-- {
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SELECT secret FROM vault WHERE secret = 'ANNA';
INSERT INTO vault (secret) VALUES ('zoé');
-- }
-- {
SET SESSION sql_mode = 'ANSI_QUOTES';
INSERT INTO vault ("secret") VALUES ('q');
SELECT "secret" FROM "vault";
-- }
-- {
SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO');
INSERT INTO vault (id, secret) VALUES (0, 'zero');
SELECT id, secret FROM vault WHERE id = 0;
-- }
-- {
SET sql_mode = 'NO_BACKSLASH_ESCAPES';
INSERT INTO vault (secret) VALUES ('a\b');
SELECT secret FROM vault WHERE secret = 'a\b';
-- }
-- {
SET SESSION sql_mode = (SELECT REPLACE(@@sql_mode, 'ONLY_FULL_GROUP_BY', ''));
SELECT secret, pin, COUNT(*) FROM vault GROUP BY pin;
-- }
-- {
SET sql_auto_is_null = 1;
INSERT INTO vault (secret) VALUES ('auto');
SELECT secret FROM vault WHERE id IS NULL;
-- }
-- {
SET @a = 1, @b := 'x', SESSION wait_timeout = 100, @@session.net_write_timeout = 60;
SELECT @a, @b;
-- }
-- {
SET foreign_key_checks = 0, unique_checks = 0;
INSERT INTO vault (secret) VALUES ('x');
SET foreign_key_checks = 1, unique_checks = 1;
-- }
-- {
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SET SESSION TRANSACTION READ ONLY;
INSERT INTO vault (secret) VALUES ('x');
-- }
-- {
SET sql_select_limit = 2;
SELECT id, secret FROM vault ORDER BY id;
SET sql_select_limit = DEFAULT;
-- }
-- {
SET max_sort_length = 8;
SELECT secret FROM vault ORDER BY secret, id;
-- }
-- {
SET time_zone = '+05:00';
INSERT INTO bookings (label, starts) VALUES ('tz', NOW(3));
SELECT starts FROM bookings WHERE label = 'tz';
-- }
-- {
SET insert_id = 700;
INSERT INTO vault (secret) VALUES ('iid');
SELECT id, secret FROM vault WHERE id = 700;
-- }
-- {
SET character_set_results = latin1;
SELECT secret FROM vault;
-- }
-- {
SET character_set_connection = latin1;
INSERT INTO vault (secret) VALUES ('zoë');
SELECT secret FROM vault WHERE secret = 'zoë';
-- }
-- {
SET character_set_client = latin1;
INSERT INTO vault (secret) VALUES ('zoë');
SELECT secret FROM vault;
-- }
-- # EXPLAIN
EXPLAIN INSERT INTO vault (secret) VALUES ('x');
EXPLAIN UPDATE vault SET secret = 'x' WHERE id = 1;
EXPLAIN DELETE FROM vault WHERE id = 1;
EXPLAIN REPLACE INTO vault (id, secret) VALUES (1, 'x');
EXPLAIN FORMAT=JSON UPDATE vault SET secret = 'x';
-- only: mysql
EXPLAIN FORMAT=TREE DELETE FROM vault WHERE secret = 'x';
-- only: mariadb
EXPLAIN EXTENDED SELECT * FROM vault;
-- only: mariadb
ANALYZE UPDATE vault SET secret = 'x' WHERE id = 1;
-- only: mariadb
ANALYZE FORMAT=JSON DELETE FROM vault WHERE pin = 1;
-- only: mysql
EXPLAIN ANALYZE SELECT * FROM vault WHERE secret = 'anna';
-- # Transactions
-- {
START TRANSACTION WITH CONSISTENT SNAPSHOT;
INSERT INTO vault (secret) VALUES ('t');
SAVEPOINT a;
UPDATE vault SET secret = 'all';
SAVEPOINT b;
DELETE FROM vault;
ROLLBACK TO SAVEPOINT b;
SELECT secret FROM vault;
ROLLBACK TO a;
RELEASE SAVEPOINT a;
SELECT secret FROM vault;
COMMIT;
-- }
-- {
SET autocommit = 0;
INSERT INTO vault (secret) VALUES ('a0');
ROLLBACK AND CHAIN;
SELECT COUNT(*) FROM vault;
INSERT INTO vault (secret) VALUES ('a1');
COMMIT AND NO CHAIN RELEASE;
-- }
-- {
BEGIN WORK;
REPLACE INTO vault (id, secret) VALUES (1, 'r');
ALTER TABLE notes COMMENT = 'implicit commit';
ROLLBACK;
SELECT secret FROM vault WHERE id = 1;
-- }
