-- # CREATE TABLE of a protected table
-- {
DROP TABLE vault;
CREATE TABLE vault (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, label VARCHAR(40), secret VARCHAR(60), pin INT);
INSERT INTO vault (label, secret, pin) VALUES ('a', 'b', 3), ('c', NULL, NULL), ('d', '', -4);
SELECT * FROM vault ORDER BY id;
SELECT id FROM vault WHERE secret = 'B' OR pin = 3;
UPDATE vault SET secret = CONCAT(secret, '!'), pin = pin + 1;
SELECT secret, pin FROM vault ORDER BY id;
-- }
-- {
CREATE TABLE IF NOT EXISTS vault (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, label VARCHAR(40), secret VARCHAR(60), pin INT);
SELECT * FROM vault ORDER BY id;
-- }
CREATE TABLE vault (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, label VARCHAR(40), secret VARCHAR(60), pin INT);
-- expect: mysql text differs ok, warnings: a display width warns where it is written, and is not for a protected column
-- {
DROP TABLE IF EXISTS vault;
CREATE TABLE `{db}`.`vault` (
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `label` varchar(40) CHARACTER SET latin1 DEFAULT 'none',
  `secret` varchar(60) CHARACTER SET utf8mb4 NOT NULL COMMENT 'not for all',
  `pin` integer(11) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `one_pin` (`pin`),
  KEY `by_secret` (`secret`(10), `label`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO vault (secret, pin) VALUES ('x', 1);
INSERT INTO vault (secret, pin) VALUES (NULL, 2);
SELECT * FROM vault;
-- }
-- expect: differs message: values of a key over a protected column are not shown
-- {
DROP TABLE vault;
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT UNIQUE);
INSERT INTO vault VALUES (1, 'a', 7), (2, 'b', NULL), (3, 'c', NULL);
INSERT INTO vault VALUES (4, 'd', 7);
-- }
-- {
DROP TABLE vault;
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60) INVISIBLE, pin INT, label VARCHAR(9));
INSERT INTO vault VALUES (1, 7, 'x');
UPDATE vault SET secret = 's';
SELECT * FROM vault;
SELECT id, secret FROM vault;
-- }
-- {
DROP TABLE vault;
CREATE TABLE vault (id INT PRIMARY KEY, pin INT NOT NULL, secret VARCHAR(60), label VARCHAR(9) AS (CONCAT('n', id)) STORED, CHECK (id > 0)) PARTITION BY HASH (id) PARTITIONS 3;
INSERT INTO vault (id, pin, secret) VALUES (1, 7, 'x'), (5, 8, 'y');
SELECT * FROM vault PARTITION (p1, p2) ORDER BY id;
INSERT INTO vault (id, pin) VALUES (-1, 1);
-- }
-- expect: differs foreign: DROP TABLE drops the rows of all tenants
-- {
DROP TABLE users;
CREATE TABLE users (id INT NOT NULL AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT 't-one', username VARCHAR(50) NOT NULL, email VARCHAR(80), phone VARCHAR(32), nick VARCHAR(20), code CHAR(5), bio TEXT, age INT, level TINYINT, score BIGINT UNSIGNED, token VARBINARY(16), country CHAR(2), visits INT NOT NULL DEFAULT 0, created_at DATETIME, PRIMARY KEY (tenant_id, id), KEY by_id (id), UNIQUE KEY by_name (tenant_id, username), KEY (phone), KEY by_bio (bio(20)));
INSERT INTO users (username, email, phone, nick, code, bio, age, level, score, token) VALUES ('new', 'new@x.com', '1', 'n', 'c', 'about', 5, 1, 2, 'tok');
SELECT * FROM users;
SELECT id FROM users FORCE INDEX (phone) WHERE phone = '1';
DROP INDEX phone ON users;
-- }
-- # CREATE TABLE that is refused
-- expect: refused TC_SCHEMA
CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(80));
-- expect: refused TC_SCHEMA
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(61), pin INT);
-- expect: refused TC_SCHEMA
CREATE TABLE vault (id INT PRIMARY KEY, secret TEXT, pin INT);
-- expect: refused TC_SCHEMA
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60) COLLATE utf8mb4_bin, pin INT);
-- expect: refused TC_SCHEMA
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT) CHARACTER SET latin1;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60) NOT NULL DEFAULT 'x', pin INT);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60) UNIQUE, pin INT);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT, secret VARCHAR(60), pin INT PRIMARY KEY);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT, CHECK (pin > 0));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT, twice INT AS (pin * 2));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT, FOREIGN KEY (pin) REFERENCES notes (id));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT, FULLTEXT (secret));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT, pin INT) PARTITION BY KEY (pin);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE users (id INT, tenant_id INT, encrypted_email VARBINARY(99));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault (id INT, pin INT) SELECT 1 AS id;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE vault LIKE notes;
-- # ALTER TABLE of a protected table
-- {
ALTER TABLE vault ADD COLUMN extra INT DEFAULT 5 AFTER secret;
SELECT * FROM vault ORDER BY id;
UPDATE vault SET extra = 6, secret = 'x' WHERE id = 1;
SELECT extra, secret FROM vault ORDER BY id;
ALTER TABLE vault DROP COLUMN extra, ADD INDEX by_secret (secret), ADD (more VARCHAR(9), even INT);
SELECT * FROM vault ORDER BY id;
-- }
-- {
ALTER TABLE vault DROP COLUMN pin;
ALTER TABLE vault ADD pin INT FIRST, ADD KEY (pin);
SELECT * FROM vault ORDER BY id;
INSERT INTO vault (pin, secret) VALUES (9, 'nine');
SELECT * FROM vault WHERE pin = 9;
ALTER TABLE vault DROP KEY pin;
-- }
-- expect: differs ok: rows are copied where the physical column's length changes
-- {
ALTER TABLE vault MODIFY secret VARCHAR(60) NULL COMMENT 'c' AFTER pin, CHANGE COLUMN pin pin INT, CHANGE label name VARCHAR(50);
SELECT * FROM vault ORDER BY id;
-- }
ALTER TABLE vault MODIFY secret VARCHAR(60) NOT NULL;
-- {
DELETE FROM vault WHERE secret IS NULL;
ALTER TABLE vault MODIFY secret VARCHAR(60) NOT NULL;
INSERT INTO vault (secret) VALUES (NULL);
SELECT * FROM vault ORDER BY id;
-- }
-- {
ALTER TABLE vault RENAME COLUMN label TO name, RENAME INDEX by_label TO by_name, ALGORITHM=INPLACE;
SELECT name, secret FROM vault ORDER BY id;
-- }
-- expect: mysql differs metadata, prepare: a column of NULLs without a default is told from one with DEFAULT NULL
-- {
ALTER TABLE vault ALTER COLUMN label SET DEFAULT 'l', ALTER secret SET DEFAULT NULL, ALTER pin DROP DEFAULT;
INSERT INTO vault (secret, pin) VALUES ('s', 1);
SELECT * FROM vault ORDER BY id;
-- }
ALTER TABLE vault CONVERT TO CHARACTER SET utf8mb4;
ALTER TABLE vault COMMENT = 'changed', AUTO_INCREMENT = 900;
ALTER TABLE vault ADD UNIQUE KEY one_pin (pin);
ALTER TABLE vault ADD email VARCHAR(80), ADD secret VARCHAR(60);
ALTER TABLE vault DROP nothing;
ALTER TABLE vault DROP KEY nothing;
ALTER TABLE vault ADD KEY (nothing);
ALTER TABLE vault MODIFY label VARCHAR(40) AFTER nothing;
-- {
ALTER TABLE vault ADD user_id INT, ADD CONSTRAINT of_note FOREIGN KEY (user_id) REFERENCES notes (id);
INSERT INTO vault (user_id, secret) VALUES (1, 's');
ALTER TABLE vault DROP FOREIGN KEY of_note, DROP KEY of_note;
-- }
-- # ALTER TABLE that is refused
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault RENAME COLUMN secret TO hidden;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault RENAME COLUMN label TO secret;
-- expect: refused TC_SCHEMA
ALTER TABLE vault MODIFY secret TEXT;
-- expect: refused TC_SCHEMA
ALTER TABLE vault CHANGE pin pin BIGINT;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ALTER secret SET DEFAULT 'x';
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD UNIQUE (secret);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ADD secret VARCHAR(60) NOT NULL;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault ORDER BY secret;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault RENAME TO vaults;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE notes RENAME TO vault;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users DROP COLUMN tenant_id;
-- expect: refused TC_SCHEMA
ALTER TABLE vault CONVERT TO CHARACTER SET latin1;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE vault PARTITION BY KEY (pin);
-- # Indexes of a protected table
-- {
CREATE INDEX by_secret ON vault (secret, label DESC);
CREATE UNIQUE INDEX one_pin ON vault (pin);
SELECT id FROM vault FORCE INDEX (by_secret) ORDER BY id;
DROP INDEX by_secret ON vault;
DROP INDEX one_pin ON vault;
-- }
CREATE INDEX by_label ON vault (secret);
DROP INDEX nothing ON vault;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE UNIQUE INDEX i ON vault (secret);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE UNIQUE INDEX i ON vault (pin, secret(3));
-- expect: refused TC_UNSUPPORTED_SQL
CREATE FULLTEXT INDEX i ON vault (secret);
-- expect: refused TC_UNSUPPORTED_SQL
CREATE INDEX i ON vault ((LOWER(secret)));
-- # DROP and TRUNCATE of a protected table
-- {
DROP TABLE vault;
CREATE TABLE vault (id INT PRIMARY KEY, secret VARCHAR(60), pin INT);
SELECT * FROM vault;
-- }
-- {
TRUNCATE vault;
SELECT COUNT(*) FROM vault;
INSERT INTO vault (label, secret) VALUES ('a', 'b');
SELECT * FROM vault;
-- }
DROP TABLE IF EXISTS vault, nothing;
-- expect: refused TC_UNSUPPORTED_SQL
TRUNCATE TABLE users;
-- expect: refused TC_UNSUPPORTED_SQL
RENAME TABLE vault TO vaults;
-- # Other tables that refer to one
-- {
CREATE TABLE keepers (id INT PRIMARY KEY, vault_id INT, CONSTRAINT of_vault FOREIGN KEY (vault_id) REFERENCES vault (id) ON DELETE CASCADE);
INSERT INTO keepers VALUES (1, 1), (2, 2);
INSERT INTO keepers VALUES (3, 99);
DELETE FROM vault WHERE secret = 'anna' AND pin = 1;
SELECT * FROM keepers;
DROP TABLE keepers;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE keepers (id INT PRIMARY KEY, pin INT, FOREIGN KEY (pin) REFERENCES vault (pin));
-- # CREATE TABLE … SELECT from one
-- expect: differs metadata, prepare: a NOT NULL column that is read from a tenant view has no DEFAULT
-- {
CREATE TABLE copy AS SELECT id, label FROM vault;
SELECT * FROM copy ORDER BY id;
DROP TABLE copy;
-- }
-- expect: differs metadata, prepare: a NOT NULL column that is read from a tenant view has no DEFAULT
-- {
CREATE TABLE copy (n INT, PRIMARY KEY (id)) SELECT id, username, visits FROM users WHERE email LIKE 'a%';
SELECT * FROM copy ORDER BY id;
DROP TABLE copy;
-- }
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE copy AS SELECT * FROM vault;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE copy AS SELECT id, LEFT(secret, 1) AS s FROM vault;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE copy LIKE vault;
-- # Prepared definitions
-- expect: prepared refused TC_UNSUPPORTED_SQL
-- {
PREPARE s FROM 'ALTER TABLE vault ADD COLUMN extra INT DEFAULT 5';
EXECUTE s;
DEALLOCATE PREPARE s;
SELECT * FROM vault ORDER BY id;
-- }
-- expect: prepared refused TC_UNSUPPORTED_SQL
-- {
PREPARE s FROM 'CREATE INDEX by_secret ON vault (secret)';
EXECUTE s;
EXECUTE s;
-- }
-- only: mariadb
-- expect: prepared refused TC_UNSUPPORTED_SQL
-- {
EXECUTE IMMEDIATE 'ALTER TABLE vault ADD COLUMN extra INT DEFAULT 5';
SELECT * FROM vault ORDER BY id;
-- }
