-- # Rails
-- {
CREATE TABLE `vault2` (`id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, `secret` varchar(255), `created_at` datetime(6) NOT NULL, `updated_at` datetime(6) NOT NULL);
CREATE INDEX `index_vault2_on_secret` ON `vault2` (`secret`);
DROP TABLE `vault2`;
-- }
-- {
ALTER TABLE `vault` ADD `note` varchar(255);
ALTER TABLE `vault` ADD INDEX `index_vault_on_pin` (`pin`);
INSERT INTO vault (secret, note) VALUES ('r', 'n');
SELECT * FROM vault;
ALTER TABLE `vault` DROP INDEX `index_vault_on_pin`, DROP COLUMN `note`;
-- }
-- {
CREATE INDEX `index_vault_on_secret_and_pin` ON `vault` (`secret`, `pin`) ALGORITHM = INPLACE LOCK = NONE;
SELECT id FROM vault WHERE secret = 'anna';
DROP INDEX `index_vault_on_secret_and_pin` ON `vault`;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
CREATE UNIQUE INDEX `u_secret` ON `vault` (`secret`);
CREATE UNIQUE INDEX `u_pin` ON `vault` (`pin`);
CREATE INDEX p ON vault (secret(10));
CREATE INDEX p ON vault (secret DESC, pin ASC);
CREATE INDEX p USING BTREE ON vault (secret) COMMENT 'c';
CREATE INDEX p ON vault (secret) USING BTREE;
-- only: mysql
CREATE INDEX p ON vault (secret) INVISIBLE;
-- only: mariadb
CREATE INDEX p ON vault (secret) IGNORED;
-- only: mariadb
CREATE INDEX IF NOT EXISTS p ON vault (secret);
-- only: mariadb
CREATE OR REPLACE INDEX p ON vault (secret);
CREATE INDEX by_label ON vault (secret);
CREATE INDEX p ON vault (nosuch);
CREATE INDEX p ON vault (id, label, secret);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE FULLTEXT INDEX p ON vault (secret);
-- only: mysql
-- expect: refused TC_UNSUPPORTED_SQL
CREATE INDEX p ON vault ((LOWER(secret)));
-- only: mysql
CREATE INDEX p ON vault ((LOWER(label)));
DROP INDEX nosuch ON vault;
DROP INDEX by_label ON vault;
DROP INDEX `PRIMARY` ON vault;
-- only: mariadb
DROP INDEX IF EXISTS nosuch ON vault;
DROP INDEX by_label ON vault ALGORITHM = DEFAULT LOCK = DEFAULT;
-- # Alters
ALTER TABLE vault ADD COLUMN note varchar(10) NOT NULL DEFAULT 'x' AFTER secret;
ALTER TABLE vault ADD COLUMN (n1 int, n2 int);
ALTER TABLE vault ADD n1 int FIRST;
ALTER TABLE vault ADD COLUMN n1 int AFTER nosuch;
ALTER TABLE vault MODIFY secret varchar(60);
ALTER TABLE vault MODIFY COLUMN secret varchar(60) NULL DEFAULT NULL;
ALTER TABLE vault MODIFY COLUMN secret varchar(60) AFTER id;
ALTER TABLE vault MODIFY COLUMN pin int FIRST;
ALTER TABLE vault CHANGE secret secret varchar(60);
ALTER TABLE vault CHANGE COLUMN `secret` `secret` varchar(60) CHARACTER SET utf8mb4 NULL;
ALTER TABLE vault ALTER COLUMN secret SET DEFAULT NULL;
ALTER TABLE vault ALTER secret DROP DEFAULT;
ALTER TABLE vault ALTER label SET DEFAULT 'lab';
ALTER TABLE vault ALTER label DROP DEFAULT;
ALTER TABLE vault CHANGE label lab varchar(40);
ALTER TABLE vault RENAME COLUMN label TO lab;
ALTER TABLE vault DROP nosuch;
ALTER TABLE vault DROP PRIMARY KEY, ADD PRIMARY KEY (id, label);
ALTER TABLE vault ADD CONSTRAINT uq UNIQUE (label, id);
ALTER TABLE vault ADD CONSTRAINT chk CHECK (id > 0);
ALTER TABLE vault ADD CHECK (label <> 'x'), ADD KEY (pin);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD CHECK (secret <> 'x');
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD g varchar(60) AS (UPPER(secret)) STORED;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD g varchar(60) GENERATED ALWAYS AS (secret) VIRTUAL;
ALTER TABLE vault ADD g varchar(60) GENERATED ALWAYS AS (UPPER(label)) VIRTUAL;
ALTER TABLE vault ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES orders (id);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD CONSTRAINT fk FOREIGN KEY (pin) REFERENCES orders (id);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES vault (pin);
ALTER TABLE vault ENGINE = InnoDB;
ALTER TABLE vault AUTO_INCREMENT = 500;
ALTER TABLE vault COMMENT = 'a comment', ROW_FORMAT = DYNAMIC;
ALTER TABLE vault CONVERT TO CHARACTER SET utf8mb4;
-- expect: mysql refused TC_SCHEMA
ALTER TABLE vault CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
-- expect: refused TC_SCHEMA
ALTER TABLE vault CONVERT TO CHARACTER SET latin1;
ALTER TABLE vault DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER TABLE vault FORCE;
ALTER TABLE vault ORDER BY label;
ALTER TABLE vault DISABLE KEYS;
ALTER TABLE vault ENABLE KEYS;
ALTER TABLE vault;
-- expect: mysql refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD COLUMN IF NOT EXISTS n1 int;
ALTER TABLE vault ALTER INDEX by_label INVISIBLE;
ALTER TABLE vault RENAME INDEX by_label TO by_l;
ALTER TABLE vault RENAME KEY by_label TO by_l, ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE vault ALGORITHM=INSTANT, ADD COLUMN n1 int;
ALTER TABLE vault ADD n1 int, ALGORITHM=COPY;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault RENAME TO vault_old;
-- expect: refused TC_UNSUPPORTED_SQL
RENAME TABLE vault TO vault_old, vault_new TO vault;
-- expect: refused TC_UNSUPPORTED_SQL
RENAME TABLE orders TO vault;
RENAME TABLE orders TO orders_old;
-- {
CREATE TABLE _orders_gho LIKE orders;
INSERT INTO _orders_gho SELECT * FROM orders;
RENAME TABLE orders TO _orders_del, _orders_gho TO orders;
DROP TABLE _orders_del;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE _vault_gho LIKE vault;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE copy AS SELECT * FROM vault;
CREATE TABLE copy AS SELECT id, label FROM vault;
-- {
CREATE TABLE copy (id int PRIMARY KEY, label varchar(40)) SELECT id, label FROM vault;
SELECT * FROM copy;
DROP TABLE copy;
-- }
CREATE TEMPORARY TABLE tmp SELECT id, username FROM users WHERE email LIKE 'a%';
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TEMPORARY TABLE tmp SELECT id, email FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TEMPORARY TABLE tmp (e varchar(100)) SELECT email AS e FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TEMPORARY TABLE vault (id int, secret varchar(60));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TEMPORARY TABLE IF NOT EXISTS {db}.vault LIKE orders;
-- {
CREATE TEMPORARY TABLE tmp (id int, s varchar(40));
INSERT INTO tmp SELECT id, label FROM vault;
SELECT v.secret FROM vault v JOIN tmp ON tmp.id = v.id ORDER BY 1;
DROP TEMPORARY TABLE tmp;
-- }
DROP TEMPORARY TABLE IF EXISTS vault;
DROP TEMPORARY TABLE vault;
DROP TABLE IF EXISTS vault;
DROP TABLE vault CASCADE;
DROP TABLE vault RESTRICT;
DROP TABLE nosuch, vault;
DROP TABLE IF EXISTS nosuch, vault;
-- # Recreate
-- {
DROP TABLE IF EXISTS `vault`;
CREATE TABLE `vault` (
  `id` int NOT NULL AUTO_INCREMENT,
  `label` varchar(40) DEFAULT NULL,
  `secret` varchar(60) DEFAULT NULL,
  `pin` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `by_label` (`label`)
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4;
INSERT INTO vault (label, secret, pin) VALUES ('a', 'b', 3);
SHOW CREATE TABLE vault;
SELECT * FROM vault;
-- }
-- {
DROP TABLE vault;
CREATE TABLE IF NOT EXISTS vault (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'pk', label varchar(40) NULL, secret varchar(60) NULL COMMENT 'the secret', pin INT NULL, KEY secret (secret), KEY (pin), created timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
SHOW FULL COLUMNS FROM vault;
SHOW INDEX FROM vault;
DESC vault;
INSERT INTO vault (secret) VALUES ('q');
SELECT id, secret FROM vault;
-- }
-- {
DROP TABLE vault;
CREATE TABLE vault (secret varchar(60) NOT NULL, pin integer);
INSERT INTO vault VALUES ('q', 4);
SELECT * FROM vault;
-- }
-- expect: refused TC_SCHEMA
-- {
DROP TABLE vault;
CREATE TABLE vault (secret varchar(61) NOT NULL, pin integer);
-- }
-- {
DROP TABLE vault;
CREATE TABLE vault (id serial PRIMARY KEY, secret character varying(60), pin int signed);
INSERT INTO vault (secret) VALUES ('q');
-- }
-- expect: refused TC_SCHEMA
-- {
DROP TABLE vault;
CREATE TABLE vault (id bigint, secret varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, pin int);
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
DROP TABLE vault;
CREATE TABLE vault (id bigint, secret varchar(60), pin int DEFAULT 5);
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
DROP TABLE vault;
CREATE TABLE vault (id bigint, secret varchar(60) UNIQUE, pin int);
-- }
-- {
DROP TABLE vault;
CREATE TABLE vault (id bigint, secret varchar(60), pin int UNIQUE);
INSERT INTO vault VALUES (1, 'a', 5), (2, 'b', 6);
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
DROP TABLE vault;
CREATE TABLE vault (id bigint, secret varchar(60), pin int, PRIMARY KEY (pin));
-- }
CREATE TABLE vault (id int);
CREATE TABLE IF NOT EXISTS vault (id int);
CREATE TABLE IF NOT EXISTS vault (id int, secret varchar(60), pin int);
CREATE TABLE vault (id int, secret varchar(60), pin int);
-- only: mariadb
-- {
CREATE OR REPLACE TABLE vault (id int, secret varchar(60), pin int);
INSERT INTO vault VALUES (1, 'a', 2);
SELECT * FROM vault;
-- }
-- # Partitions
-- {
DROP TABLE vault;
CREATE TABLE vault (id int NOT NULL, secret varchar(60), pin int, PRIMARY KEY (id)) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);
INSERT INTO vault PARTITION (p0) VALUES (1, 'a', 1);
INSERT INTO vault PARTITION (p0) VALUES (100, 'a', 1);
REPLACE INTO vault PARTITION (p1) (id, secret) VALUES (100, 'b');
SELECT * FROM vault PARTITION (p1);
UPDATE vault PARTITION (p1) SET secret = CONCAT(secret, 'x');
DELETE FROM vault PARTITION (p0) WHERE id = 1;
SELECT * FROM vault;
-- }
ALTER TABLE vault PARTITION BY HASH (id) PARTITIONS 4;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault PARTITION BY KEY (pin) PARTITIONS 4;
-- # Routines
-- expect: refused TC_UNSUPPORTED_SQL
CREATE VIEW v AS SELECT * FROM vault;
CREATE VIEW v AS SELECT * FROM orders;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW v AS SELECT o.id FROM orders o JOIN vault USING (id);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TRIGGER t AFTER INSERT ON vault FOR EACH ROW SET @a = NEW.secret;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW INSERT INTO vault (secret) VALUES (NEW.contact);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM vault;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE PROCEDURE p() SELECT * FROM vault;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN (SELECT COUNT(*) FROM vault);
-- expect: refused TC_UNSUPPORTED_SQL
DROP VIEW IF EXISTS vault;
DROP TRIGGER IF EXISTS nosuch;
-- # maintenance
ANALYZE TABLE vault;
CHECK TABLE vault;
OPTIMIZE TABLE vault;
REPAIR TABLE vault;
-- expect: refused TC_UNSUPPORTED_SQL
CHECKSUM TABLE vault;
ANALYZE NO_WRITE_TO_BINLOG TABLE vault, orders;
FLUSH TABLES;
FLUSH TABLES vault;
