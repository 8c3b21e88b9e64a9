-- # Where plaintext may flow, and where not
UPDATE users SET age = IF(age > 30, age - 1, age + 1), visits = visits + IF(age > 30, 1, 0);
UPDATE vault SET secret = IF(secret IS NULL, 'was null', secret), label = IF(pin IS NULL, 'x', label);
UPDATE users SET visits = (SELECT COUNT(*) FROM accounts a WHERE a.email = users.email);
UPDATE users SET visits = age > 30, country = CASE WHEN email LIKE 'a%' THEN 'AA' WHEN email IS NULL THEN NULL ELSE country END;
UPDATE users SET country = CASE age WHEN 30 THEN 'XX' ELSE country END;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = CASE age WHEN 30 THEN email ELSE country END;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = CASE WHEN age = 30 THEN 'x' ELSE email END;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = IF(age = 30, 'x', email);
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = IF(age = 30, email, 'x');
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET visits = age;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET visits = NOT level;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET visits = visits + (age);
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = (SELECT x FROM (SELECT email AS x FROM accounts) t LIMIT 1);
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = (SELECT users.email);
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = IFNULL((SELECT MAX(users.email) FROM orders o), 'x');
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET visits = IF((@x := email) = 'a', 1, 0);
UPDATE users SET visits = EXISTS (SELECT 1 FROM accounts a WHERE a.email = users.email);
UPDATE users u JOIN accounts a ON a.user_id = u.id SET u.visits = u.email = a.email, a.balance = IF(u.age > 20, 1, 2);
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users u JOIN accounts a ON a.user_id = u.id SET u.visits = a.pin;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders o JOIN users u ON u.id = o.user_id SET o.status = IF(u.age > 3, u.email, 'x');
UPDATE orders o JOIN users u ON u.id = o.user_id SET o.status = IF(u.age > 30, 'old', 'young'), o.amount = u.email IS NULL;
INSERT INTO notes (n) SELECT COUNT(email) FROM users;
INSERT INTO notes (n) SELECT COUNT(DISTINCT email) FROM users GROUP BY country;
INSERT INTO notes (text, n) SELECT username, email IS NULL FROM users;
INSERT INTO notes (text, n) SELECT IF(age > 30, 'old', 'young'), COUNT(*) FROM users GROUP BY 1 ORDER BY 1;
INSERT INTO notes (text, n) SELECT username, ROW_NUMBER() OVER (ORDER BY email, id) FROM users ORDER BY id;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text, n) SELECT username, SUM(age) OVER (ORDER BY id) FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT FIRST_VALUE(username) OVER (ORDER BY email) FROM (SELECT email username, email FROM users) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT CASE WHEN age > 3 THEN email END FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) VALUES (IF((SELECT COUNT(*) FROM users) > 0, (SELECT MAX(email) FROM users), 'x'));
INSERT INTO notes (text) VALUES (IF((SELECT MAX(email) FROM users) > 'a', 'yes', 'no'));
CREATE TABLE copy AS SELECT country, COUNT(email) AS n FROM users GROUP BY country;
INSERT INTO users (username, age) VALUES ('user1', 3) ON DUPLICATE KEY UPDATE visits = IF(VALUES(age) > 2, 7, 8), country = IF(age IS NULL, 'NN', 'YY');
INSERT INTO users (username, age) VALUES ('user2', 3) ON DUPLICATE KEY UPDATE visits = VALUES(age) <=> age;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, age) VALUES ('user1', 3) ON DUPLICATE KEY UPDATE visits = IF(1, VALUES(age), 8);
-- only: mysql
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, email) VALUES ('user1', 'sec') AS new ON DUPLICATE KEY UPDATE country = LEFT(new.email, 2);
-- only: mysql
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, email) VALUES ('user1', 'sec') AS new(a, b) ON DUPLICATE KEY UPDATE country = LEFT(b, 2);
-- only: mysql
INSERT INTO users (username, email) VALUES ('user1', 'sec') AS new(a, b) ON DUPLICATE KEY UPDATE email = b, visits = LENGTH(a), nick = CONCAT(new.a, '-', new.b), bio = users.email;
-- only: mysql
INSERT INTO users (username, email) VALUES ('user1', 'sec'), ('user2', 'q') AS n(a, b) ON DUPLICATE KEY UPDATE email = CONCAT(b, users.email), country = IF(b = 'q', 'QQ', users.country);
-- only: mysql
INSERT INTO vault (id, secret, pin) VALUES (1, 'n', 5) AS new(i, s, p) ON DUPLICATE KEY UPDATE secret = s, pin = p + vault.pin, label = i;
-- only: mysql
INSERT INTO vault VALUES (1, 'n', 's', 5) AS new(i, l, s, p) ON DUPLICATE KEY UPDATE secret = new.s, pin = new.p;
-- only: mysql
INSERT INTO vault SET id = 1, secret = 'n' AS new(i, s) ON DUPLICATE KEY UPDATE secret = CONCAT(s, i);
-- only: mysql
INSERT INTO users SET username = 'user1', email = 'n' AS new(i, s) ON DUPLICATE KEY UPDATE email = CONCAT(s, i);
-- only: mysql
INSERT INTO users (username, email) VALUES ('user1', 'sec') AS new(a, b) ON DUPLICATE KEY UPDATE email = new.nosuch;
-- only: mysql
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO vault (id, secret) VALUES (1, 'n') AS new ON DUPLICATE KEY UPDATE secret = (SELECT CONCAT(new.secret, 'x'));
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO vault (id, secret) VALUES (1, 'n') ON DUPLICATE KEY UPDATE secret = (SELECT CONCAT(VALUES(secret), 'x'));
INSERT INTO vault (id, secret) VALUES (1, 'n') ON DUPLICATE KEY UPDATE secret = (SELECT CONCAT(vault.secret, 'x'));
INSERT INTO vault (id, secret) VALUES (1, 'n') ON DUPLICATE KEY UPDATE secret = (SELECT MAX(a.secret) FROM accounts a WHERE a.secret > vault.secret);
INSERT INTO bookings (label, amount, total, ratio) VALUES ('b', 10.25, amount * 4, amount), ('c', 1.5, amount + 1, total);
INSERT INTO bookings (label, starts, ends, born) VALUES ('b', '2024-01-31 10:00:00.123', DATE_ADD(starts, INTERVAL 1 HOUR), DATE(starts));
INSERT INTO bookings SET label = 'x', active = 1, amount = active + 1, label = CONCAT('l', 1);
INSERT INTO accounts (id, secret, email, pin) VALUES (500, 'abc', CONCAT(secret, '@', id), LENGTH(secret)), (501, NULL, CONCAT(secret, '@', id), id), (502, 'zz', UPPER(accounts.secret), CHAR_LENGTH(email));
INSERT INTO accounts (id, email, secret) VALUES (500, secret, 'abc'), (501, secret, 'def');
REPLACE INTO vault (id, secret, pin) VALUES (1, 'abc', LENGTH(secret)), (2, CONCAT('x', pin), 3);
INSERT IGNORE INTO vault (id, secret, pin) VALUES (900, 'abc', LENGTH(secret));
-- params: ["abc", 3]
INSERT INTO vault (secret, label, pin) VALUES (?, 'l', LENGTH(secret) + ?);
-- params: ["abc", "def"]
INSERT INTO users (username, email, nick) VALUES ('p1', ?, email), ('p2', ?, LEFT(email, 2));
INSERT INTO users (username, email, country) VALUES ('p1', 'de@x', IF(email LIKE '%@%', 'OK', 'NO'));
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (email, username) VALUES ('p1', email);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users SET email = 'p1', username = CONCAT('x', email);
INSERT INTO users (username, code, nick) VALUES ('c', 'ab  ', CONCAT('[', code, ']'));
INSERT INTO users (username, token, email) VALUES ('c', 'ab', HEX(token));
INSERT INTO users (username, age, level, score) VALUES ('c', '7', age * 2, age + level);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO `Mixed Case` SET `Id` = 10, `Full Name` = 'q', `from` = LENGTH(`Full Name`);
UPDATE vault SET secret = DEFAULT(secret), pin = IFNULL(DEFAULT(pin), 3) WHERE id = 1;
UPDATE vault SET secret = DEFAULT(label), label = DEFAULT(vault.secret) WHERE id = 1;
UPDATE users SET visits = DEFAULT(visits) + 1, email = DEFAULT(users.email) WHERE id = 1;
UPDATE users u JOIN accounts a ON a.user_id = u.id SET u.email = DEFAULT(u.email), a.secret = DEFAULT(a.pin);
INSERT INTO vault (id, secret, pin) VALUES (80, DEFAULT(secret), DEFAULT(pin)), (81, CONCAT(DEFAULT(label), 'x'), 3);
DELETE FROM vault WHERE secret <=> DEFAULT(secret);
INSERT INTO vault (id, secret) VALUES (1, 'n') ON DUPLICATE KEY UPDATE secret = DEFAULT(secret), pin = DEFAULT(vault.pin);
INSERT INTO vault (secret, pin) VALUES ();
INSERT INTO vault VALUES (), (1, 2, 3, 4);
INSERT INTO vault VALUES (1, 2, 3, 4), ();
INSERT INTO vault (secret, nosuch) VALUES ('q');
INSERT INTO users (username, email) VALUES ('a'), ('b', 'c');
INSERT INTO users (username, email) VALUES ('a', 'b'), ('b', 'c', 'd');
INSERT INTO users VALUES (1, 2);
REPLACE INTO vault (secret) VALUES (1, 2);
INSERT INTO users (id, tenant_id, username, email) SELECT id + 100, tenant_id, CONCAT(username, 'b'), email FROM users;
INSERT INTO users (id, tenant_id, username, email) SELECT id + 100, 't-one', CONCAT(username, 'b'), email FROM users;
REPLACE INTO accounts (id, tenant_id, secret) SELECT id, tenant_id, UPPER(secret) FROM accounts;
INSERT INTO accounts SELECT tenant_id, id + 100, user_id, secret, email, phone, pin, balance, grp FROM accounts;
-- expect: refused TC_TENANT_MISMATCH
INSERT INTO accounts (id, tenant_id, secret) SELECT id + 100, CONCAT(tenant_id, 'x'), secret FROM accounts;
UPDATE vault SET secret = 'x' WHERE secret = (SELECT MIN(secret) FROM (SELECT secret FROM vault) t);
UPDATE vault SET secret = 'x' WHERE pin > (SELECT AVG(pin) FROM (SELECT pin FROM vault) AS t);
UPDATE vault SET pin = (SELECT MAX(pin) + 1 FROM (SELECT pin FROM vault) AS t) WHERE id = 3;
DELETE FROM users WHERE email IN (SELECT email FROM (SELECT email FROM users GROUP BY email HAVING COUNT(*) > 1) d);
DELETE FROM users WHERE id NOT IN (SELECT id FROM (SELECT MIN(id) AS id FROM users GROUP BY email) d);
-- only: mysql
WITH c AS (SELECT email FROM accounts) UPDATE users SET nick = 'x' WHERE email IN (SELECT email FROM c);
-- only: mysql
WITH c(email, n) AS (SELECT email, COUNT(*) FROM accounts GROUP BY email) DELETE FROM users WHERE email IN (SELECT email FROM c WHERE n > 1);
UPDATE vault SET secret = 'x' WHERE secret IN (SELECT secret FROM (SELECT secret FROM accounts UNION SELECT contact FROM orders) t);
UPDATE vault SET secret = 'x' WHERE id IN (SELECT id FROM (SELECT * FROM users) t WHERE email LIKE 'a%');
UPDATE vault SET secret = 'x' WHERE pin IN (SELECT pin FROM (SELECT * FROM vault) t);
UPDATE vault SET secret = (SELECT secret FROM (SELECT CONCAT(secret, '!') AS secret FROM accounts ORDER BY id LIMIT 1) t);
UPDATE vault v JOIN (SELECT id AS vid, secret AS s FROM vault) t ON t.vid = v.id SET secret = CONCAT(secret, s), pin = pin + 1 WHERE secret LIKE 'a%';
INSERT INTO vault (label, secret) WITH c AS (SELECT label, secret FROM vault WHERE id < 3) SELECT CONCAT(label, '-c'), UPPER(secret) FROM c;
INSERT INTO vault (label, secret) SELECT CONCAT(t.l, '2'), t.s FROM (SELECT label AS l, secret AS s FROM vault) t;
INSERT INTO vault (label, secret) SELECT CONCAT(l, '2'), s FROM (SELECT label AS l, MAX(secret) AS s FROM vault GROUP BY label) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO vault (label, secret) SELECT CONCAT(s, '2'), s FROM (SELECT label AS l, secret AS s FROM vault) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO vault (label, secret) SELECT t.l, t.s FROM (SELECT secret AS l, label AS s FROM vault) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT (SELECT t.s) FROM (SELECT label AS l, secret AS s FROM vault) t;
INSERT INTO notes (text, n) SELECT l, id FROM (SELECT id, label AS l, secret AS s FROM vault) t WHERE s LIKE 'a%';
INSERT INTO notes (text, n) SELECT l, i FROM (SELECT id AS i, label AS l, secret AS s FROM vault) t JOIN orders o ON o.id = t.i ORDER BY s, i;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) WITH c(a, b) AS (SELECT secret, label FROM vault) SELECT a FROM c;
INSERT INTO notes (text) WITH c(a, b) AS (SELECT secret, label FROM vault) SELECT b FROM c WHERE a > 'a';
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT x.label FROM (SELECT label FROM (SELECT secret AS label FROM vault) y) x;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT b FROM (SELECT 'a' AS a, 'b' AS b UNION SELECT label, secret FROM vault) u;
INSERT INTO notes (text) SELECT a FROM (SELECT 'a' AS a, 'b' AS b UNION SELECT label, secret FROM vault) u ORDER BY a;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT a FROM (SELECT label AS a, secret AS b FROM vault) u UNION SELECT b FROM (SELECT label AS a, secret AS b FROM vault) w;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) WITH RECURSIVE c(a, b, n) AS (SELECT label, secret, 1 FROM vault UNION ALL SELECT b, a, n + 1 FROM c WHERE n < 3) SELECT a FROM c;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT t.`emaİl` FROM (SELECT email, id FROM users) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT `emaİl` FROM (SELECT email, id FROM users) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes SELECT * FROM (SELECT id + 100, secret, pin FROM vault) t;
INSERT INTO notes SELECT * FROM (SELECT id + 100, label, id FROM vault) t;
INSERT INTO vault SELECT * FROM (SELECT id + 100, NULL, secret, pin FROM vault) t;
INSERT INTO vault (id, secret) SELECT * FROM (SELECT id + 100, email FROM users) t;
INSERT INTO vault (id, secret) SELECT t.* FROM (SELECT id + 100 AS i, email FROM users) t JOIN orders o ON o.id = t.i - 100;
INSERT INTO vault (id, secret) SELECT * FROM (SELECT id + 100, email, age FROM users) t;
