-- # CREATE TABLE
CREATE TABLE fresh (id INT PRIMARY KEY, email VARCHAR(20));
-- {
CREATE TABLE fresh (id INT PRIMARY KEY, email VARCHAR(20));
INSERT INTO fresh VALUES (1, 'plain');
SELECT * FROM fresh;
DROP TABLE fresh;
-- }
-- expect: refused TC_SCHEMA
CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(20));
-- expect: refused TC_SCHEMA
CREATE TABLE IF NOT EXISTS users (id INT PRIMARY KEY, email VARCHAR(20));
-- {
DROP TABLE vault;
CREATE TABLE vault (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, label VARCHAR(40), secret VARCHAR(60), pin INT);
INSERT INTO vault (label, secret, pin) VALUES ('a', 'b', 3);
SELECT * FROM vault;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TABLE copy LIKE users;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE copy AS SELECT * FROM users;
CREATE TABLE copy AS SELECT id, username FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE copy SELECT email FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE copy (e VARCHAR(100)) SELECT email AS e FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TEMPORARY TABLE users (id INT);
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TEMPORARY TABLE t1 AS SELECT email FROM users;
-- {
CREATE TEMPORARY TABLE t1 (id INT);
INSERT INTO t1 VALUES (1), (2);
SELECT t1.id, users.email FROM t1 JOIN users ON users.id = t1.id ORDER BY t1.id;
DROP TEMPORARY TABLE t1;
-- }
-- # ALTER TABLE
ALTER TABLE users ADD COLUMN extra INT;
ALTER TABLE users ADD COLUMN extra VARCHAR(10) DEFAULT 'x', ADD KEY by_extra (extra);
-- {
ALTER TABLE vault ADD COLUMN extra INT DEFAULT 5;
SELECT * FROM vault ORDER BY id;
UPDATE vault SET extra = 6, secret = 'x' WHERE id = 1;
-- }
ALTER TABLE users DROP COLUMN country;
ALTER TABLE users DROP COLUMN email;
-- expect: refused TC_SCHEMA
ALTER TABLE users MODIFY COLUMN email VARCHAR(100);
-- expect: differs ok: the rows of all tenants are copied, and counted
ALTER TABLE users MODIFY country CHAR(3);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users CHANGE email mail VARCHAR(80);
ALTER TABLE users CHANGE country land CHAR(2);
ALTER TABLE users RENAME COLUMN country TO land;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users RENAME COLUMN email TO mail;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users RENAME TO people;
ALTER TABLE users ADD INDEX by_mail (email);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users ADD UNIQUE KEY one_mail (tenant_id, email);
ALTER TABLE users DROP INDEX by_phone;
ALTER TABLE users ALTER COLUMN visits SET DEFAULT 3;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users ALTER COLUMN email SET DEFAULT 'nobody';
ALTER TABLE users COMMENT = 'changed';
ALTER TABLE users AUTO_INCREMENT = 900;
ALTER TABLE users ENGINE = InnoDB;
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users ADD FULLTEXT (bio);
-- expect: refused TC_UNSUPPORTED_SQL
ALTER TABLE users ADD CHECK (age < 200);
-- expect: differs message: the server numbers the tables that it copies to
ALTER TABLE users ADD FOREIGN KEY (visits) REFERENCES notes (id);
-- expect: refused TC_SCHEMA
ALTER TABLE users CONVERT TO CHARACTER SET latin1;
ALTER TABLE orders ADD COLUMN extra INT;
ALTER TABLE orders RENAME TO purchases;
-- # Indexes, DROP, RENAME, TRUNCATE
CREATE INDEX by_country ON users (country);
CREATE INDEX by_mail ON users (email);
-- expect: differs message: values of a key over a protected column are not shown
CREATE UNIQUE INDEX one_phone ON users (tenant_id, phone);
DROP INDEX by_phone ON users;
-- expect: differs foreign: a definition is that of all tenants' rows
DROP TABLE users;
-- expect: differs foreign: a definition is that of all tenants' rows
DROP TABLE IF EXISTS users;
DROP TABLE IF EXISTS nothing;
DROP TABLE orders, vault;
-- expect: refused TC_UNSUPPORTED_SQL
RENAME TABLE users TO people;
RENAME TABLE orders TO purchases;
-- expect: refused TC_UNSUPPORTED_SQL
RENAME TABLE orders TO users;
-- expect: refused TC_UNSUPPORTED_SQL
TRUNCATE TABLE users;
TRUNCATE vault;
TRUNCATE TABLE orders;
-- # Views, triggers, routines
-- expect: refused TC_UNSUPPORTED_SQL
CREATE VIEW v AS SELECT id, email FROM users;
CREATE VIEW v AS SELECT id FROM orders;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE VIEW users AS SELECT 1;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE OR REPLACE VIEW v AS SELECT * FROM {db}.users;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW SET NEW.email = 'x';
-- expect: refused TC_UNSUPPORTED_SQL
CREATE TRIGGER tr AFTER INSERT ON orders FOR EACH ROW UPDATE users SET visits = 1;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE PROCEDURE p1() SELECT email FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
CREATE FUNCTION f1() RETURNS INT DETERMINISTIC RETURN (SELECT COUNT(*) FROM users);
-- # Maintenance
-- rows: any
CHECK TABLE vault;
-- rows: any
ANALYZE TABLE vault;
-- rows: any
OPTIMIZE TABLE vault;
-- rows: any
-- expect: refused TC_UNSUPPORTED_SQL
CHECKSUM TABLE vault;
FLUSH TABLES;
-- expect: refused TC_UNSUPPORTED_SQL
HANDLER users OPEN;
-- {
LOCK TABLES users READ, users AS u READ;
SELECT email FROM users WHERE id = 1;
SELECT email FROM users u WHERE id = 1;
SELECT id FROM accounts;
UPDATE users SET email = 'locked' WHERE id = 1;
UNLOCK TABLES;
UPDATE users SET email = 'unlocked' WHERE id = 1;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
LOAD DATA INFILE '/nowhere' INTO TABLE users;
-- expect: refused TC_UNSUPPORTED_SQL
LOAD DATA LOCAL INFILE '/nowhere' INTO TABLE users;
LOAD DATA INFILE '/nowhere' INTO TABLE orders;
-- expect: refused TC_UNSUPPORTED_SQL
CALL nothing_of_this_name();
-- expect: prepared refused TC_UNSUPPORTED_SQL
PREPARE s FROM 'SELECT email FROM users WHERE id = ?';
-- {
PREPARE s FROM 'SELECT 1';
EXECUTE s;
DEALLOCATE PREPARE s;
-- }
-- only: mariadb
-- expect: prepared refused TC_UNSUPPORTED_SQL
EXECUTE IMMEDIATE 'SELECT email FROM users';
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
BEGIN NOT ATOMIC SELECT email FROM users; END;
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
SET STATEMENT max_statement_time = 5 FOR SELECT email FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
GRANT SELECT ON users TO nobody_at_all;
