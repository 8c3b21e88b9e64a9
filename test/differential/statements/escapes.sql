-- # Aliases that shadow
UPDATE users AS accounts JOIN accounts AS users ON users.user_id = accounts.id SET accounts.email = users.secret WHERE users.id = 2;
UPDATE vault AS users SET users.secret = 'x' WHERE users.pin = 22;
UPDATE users AS vault, vault AS users SET vault.email = users.secret, users.secret = vault.email WHERE vault.id = users.id;
DELETE users FROM accounts AS users JOIN users AS accounts ON accounts.id = users.user_id WHERE accounts.email LIKE 'a%';
DELETE FROM users USING vault AS users WHERE users.secret = 'anna';
DELETE o FROM orders AS o, users AS orders WHERE orders.id = o.user_id AND orders.email LIKE 'b%';
INSERT INTO vault (label, secret) SELECT CONCAT('x', vault.id), vault.email FROM users AS vault;
INSERT INTO vault (label, secret) SELECT CONCAT('x', v.id), v.secret FROM accounts AS vault JOIN vault AS v ON v.id = vault.id ORDER BY v.id;
INSERT INTO notes (text) SELECT o.email FROM (SELECT contact AS email FROM orders) o;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT orders.contact FROM (SELECT email AS contact FROM users) orders;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT notes.email FROM users AS notes;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders AS users JOIN users AS orders ON orders.id = users.user_id SET users.contact = orders.email;
UPDATE orders AS users JOIN users AS orders ON orders.id = users.user_id SET orders.email = users.contact;
-- # Other ways out
-- only: mariadb
-- expect: refused TC_PLAINTEXT_ESCAPE
-- {
CREATE SEQUENCE seq_x;
SELECT SETVAL(seq_x, pin) FROM vault WHERE pin > 0;
-- }
-- only: mariadb
-- expect: refused TC_PLAINTEXT_ESCAPE
-- {
CREATE SEQUENCE seq_y;
SELECT SETVAL(seq_y, (SELECT MAX(pin) FROM vault));
-- }
-- expect: refused TC_UNSUPPORTED_SQL
DO SETVAL(seq_x, (SELECT MAX(pin) FROM vault));
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders SET status = 'x' WHERE (@a := (SELECT email FROM users LIMIT 1)) IS NOT NULL;
-- expect: refused TC_PLAINTEXT_ESCAPE
DELETE FROM orders WHERE (@a := (SELECT email FROM users LIMIT 1)) = 'x';
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) VALUES (IF((@a := (SELECT email FROM users LIMIT 1)) = 'x', 'a', 'b'));
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (n) SELECT (@a := email) = 'x' FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (n) SELECT COUNT(@a := email) FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET visits = (@a := age) > 3;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET visits = IF(LAST_INSERT_ID(age) > 0, 1, 2);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (n) SELECT IF(LAST_INSERT_ID(age) > 0, 1, 2) FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, age) VALUES ('user1', 3) ON DUPLICATE KEY UPDATE visits = IF(LAST_INSERT_ID(VALUES(age)) > 0, 1, 2);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, age) VALUES ('user1', 3) ON DUPLICATE KEY UPDATE visits = IF((@a := VALUES(age)) > 0, 1, 2);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (age, username) VALUES (77, IF(LAST_INSERT_ID(age) > 1, 'q', 'r'));
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (age, username) VALUES (77, IF((@a := age) > 1, 'q', 'r'));
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT IF(LAST_INSERT_ID(age) > 0, 1, 2) FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT (@x := email) = 'a' FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT CASE WHEN (@x := email) IS NULL THEN 1 END FROM users;
SELECT id INTO @x FROM users WHERE email = 'bob@x.com' LIMIT 1;
SELECT COUNT(email) INTO @x FROM users;
SELECT email IS NULL INTO @x FROM users WHERE id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT IF(1, email, 2) INTO @x FROM users WHERE id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT MAX(email) INTO @x FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
SET @x = (SELECT IF(age > 3, email, NULL) FROM users WHERE id = 1);
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE leak AS SELECT id, CONCAT('x', email) AS c FROM users WHERE 1 = 0 UNION SELECT id, email FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE leak AS SELECT JSON_OBJECT('e', email) AS j FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
CREATE TABLE leak AS SELECT * FROM (SELECT * FROM users) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
REPLACE INTO orders (contact) SELECT v.* FROM (SELECT secret FROM vault) v;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT j.x FROM vault, JSON_TABLE(JSON_ARRAY(secret), '$[*]' COLUMNS (x varchar(60) PATH '$')) j;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT DISTINCT LEFT(secret, 1) FROM vault ORDER BY 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT CAST(pin AS CHAR) FROM vault;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (n) SELECT SUM(pin) FROM vault;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT MIN(secret) OVER () FROM vault;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT LAG(secret) OVER (ORDER BY id) FROM vault;
-- expect: refused TC_UNSUPPORTED_SQL
LOAD DATA LOCAL INFILE '/dev/null' INTO TABLE notes (n) SET text = (SELECT email FROM users LIMIT 1);
-- # PREPARE by SQL
-- protocol: text
-- {
SET @e = 'p@x.com', @n = 'prep';
PREPARE s FROM 'INSERT INTO users (username, email) VALUES (?, ?)';
EXECUTE s USING @n, @e;
SELECT username, email FROM users WHERE email = 'p@x.com';
DEALLOCATE PREPARE s;
-- }
-- protocol: text
-- {
SET @e = 'anna', @i = 2;
PREPARE s FROM 'UPDATE vault SET secret = CONCAT(secret, ?), pin = pin + ? WHERE id = ?';
EXECUTE s USING @e, @i, @i;
SELECT * FROM vault;
DROP PREPARE s;
-- }
-- protocol: text
-- {
SET @a = 1;
PREPARE d FROM 'DELETE FROM vault WHERE pin = ?';
EXECUTE d USING @a;
EXECUTE d USING @nosuch;
SELECT id FROM vault;
-- }
-- protocol: text
-- {
PREPARE u FROM 'INSERT INTO vault (id, secret) VALUES (?, ?) ON DUPLICATE KEY UPDATE secret = CONCAT(secret, VALUES(secret))';
SET @i = 1, @s = 'dup';
EXECUTE u USING @i, @s;
EXECUTE u USING @i, @s;
SELECT secret FROM vault WHERE id = 1;
-- }
-- protocol: text
-- {
PREPARE x FROM 'REPLACE INTO vault (id, label, secret, pin) SELECT id, label, UPPER(secret), pin FROM vault WHERE id < ?';
SET @i = 3;
EXECUTE x USING @i;
SELECT * FROM vault;
-- }
-- # Transactions
-- {
XA START '{db}';
INSERT INTO vault (secret) VALUES ('xa');
UPDATE vault SET secret = UPPER(secret) WHERE id = 1;
XA END '{db}';
XA PREPARE '{db}';
XA COMMIT '{db}';
SELECT secret FROM vault;
-- }
-- {
XA START '{db}', 'b', 7;
DELETE FROM vault WHERE secret = 'anna';
XA END '{db}', 'b', 7;
XA ROLLBACK '{db}', 'b', 7;
SELECT secret FROM vault;
-- }
-- {
XA START '{db}';
INSERT INTO vault (secret) VALUES ('one phase');
XA END '{db}';
XA COMMIT '{db}' ONE PHASE;
SELECT secret FROM vault;
-- }
