-- # INSERT and REPLACE in every form
INSERT INTO vault SET label = 'set1', secret = CONCAT('a-', label), pin = LENGTH(label);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO vault SET id = 50, secret = 'x', label = secret;
INSERT INTO vault SET id = 51, secret = 'x', pin = id * 2;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO vault SET pin = 5, id = 52, label = pin;
INSERT INTO vault () VALUES ();
INSERT INTO vault VALUES ();
INSERT INTO vault (id) VALUES (DEFAULT);
INSERT INTO vault VALUES (DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO vault VALUES (60, 'sixty', 'p60', 60), (DEFAULT, 'next', 'p61', 61), (NULL, 'after', NULL, NULL), (0, 'zero', '', 0);
-- only: mysql
INSERT INTO vault VALUES ROW(70, 'seventy', 's', 70), ROW(71, 'seventy-one', 't', 71);
-- only: mysql
INSERT INTO vault (id, secret) VALUES ROW(70, 's'), ROW(71, 't');
-- only: mysql
INSERT INTO vault TABLE vault;
-- only: mysql
INSERT INTO vault (label, secret, pin) SELECT CONCAT(label, '2'), secret, pin FROM (TABLE vault) t;
-- only: mysql
INSERT IGNORE INTO vault TABLE vault ORDER BY id LIMIT 2;
-- only: mysql
REPLACE INTO vault TABLE vault;
-- only: mysql
REPLACE INTO vault VALUES ROW(1, 'r1', 'rs', 3);
INSERT INTO vault (label, secret) WITH c AS (SELECT label, secret FROM vault WHERE id < 3) SELECT CONCAT(label, '-c'), UPPER(secret) FROM c;
-- only: mysql
INSERT INTO vault (label, secret) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT CONCAT('n', i), CONCAT('s', i) FROM n;
INSERT INTO vault (label, secret) (SELECT CONCAT(label, 'p'), secret FROM vault WHERE label IS NOT NULL);
INSERT INTO vault (label, secret) SELECT 'u1', 'a' UNION SELECT 'u2', 'b' UNION ALL SELECT 'u3', NULL;
INSERT INTO vault (label, secret) SELECT 'u1', 'a' UNION (SELECT 'u2', 'b' LIMIT 1) ORDER BY 1 DESC LIMIT 1;
INSERT INTO vault (label, secret, pin) SELECT username, email, age FROM users WHERE id < 10;
INSERT INTO vault (label, secret, pin) SELECT u.username, a.secret, a.pin FROM users u JOIN accounts a ON a.user_id = u.id WHERE a.pin IS NOT NULL ON DUPLICATE KEY UPDATE secret = CONCAT(VALUES(secret), '+');
INSERT INTO vault (id, label, secret) VALUES (1, 'first', 'new') ON DUPLICATE KEY UPDATE secret = VALUES(secret), pin = pin + 1;
INSERT INTO vault (id, secret) VALUES (1, 'new') ON DUPLICATE KEY UPDATE secret = CONCAT(secret, '/', VALUES(secret));
INSERT INTO vault (id, secret) VALUES (1, 'new'), (2, 'newer'), (99, 'fresh') ON DUPLICATE KEY UPDATE secret = IF(VALUES(secret) > secret, VALUES(secret), secret), pin = IFNULL(pin, 0) + 1;
INSERT INTO vault (id, pin) VALUES (1, 100) ON DUPLICATE KEY UPDATE pin = GREATEST(pin, VALUES(pin));
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO vault (id, pin) VALUES (1, 100), (2, 3) ON DUPLICATE KEY UPDATE pin = LEAST(pin, VALUES(pin)), label = CONCAT('l', pin);
-- only: mysql
INSERT INTO vault (id, pin) VALUES (1, 100), (2, 3) AS new ON DUPLICATE KEY UPDATE pin = new.pin + vault.pin;
-- only: mysql
INSERT INTO vault (id, secret) VALUES (1, 'n') AS new(i, s) ON DUPLICATE KEY UPDATE secret = CONCAT(s, '-', i, '-', vault.secret);
-- only: mysql
INSERT INTO vault SET id = 1, secret = 'n' AS new ON DUPLICATE KEY UPDATE secret = new.secret, label = UPPER(label);
INSERT INTO vault (id, secret) VALUES (1, 'n') ON DUPLICATE KEY UPDATE secret = (SELECT email FROM users WHERE id = 1);
INSERT INTO vault (id, secret) VALUES (1, 'n') ON DUPLICATE KEY UPDATE secret = (SELECT MAX(username) FROM users WHERE email = 'bob@x.com'), id = LAST_INSERT_ID(id);
-- {
INSERT INTO vault (label, secret) VALUES ('first', 'q') ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), secret = VALUES(secret);
SELECT LAST_INSERT_ID();
-- }
-- {
INSERT INTO vault (id, secret) VALUES (LAST_INSERT_ID(300), 'q');
SELECT LAST_INSERT_ID();
-- }
-- {
INSERT INTO vault (label, secret) VALUES ('m1', 'a'), ('m2', 'b');
SELECT LAST_INSERT_ID(), ROW_COUNT();
-- }
-- {
INSERT INTO vault (label, secret) VALUES ('m1', 'a'), ('m2', 'b');
SELECT ROW_COUNT();
-- }
INSERT IGNORE INTO vault (id, secret) VALUES (1, 'n'), (90, 'ok');
INSERT IGNORE INTO vault (id, label, secret) VALUES (91, 'first', 'n'), (92, 'second', 'ok'), (93, 'w', 'x');
INSERT LOW_PRIORITY INTO vault (id, secret) VALUES (90, 'ok');
INSERT HIGH_PRIORITY INTO vault (id, secret) VALUES (90, 'ok');
INSERT DELAYED INTO vault (id, secret) VALUES (90, 'ok');
INSERT LOW_PRIORITY IGNORE INTO vault (id, secret) VALUES (1, 'ok');
INSERT HIGH_PRIORITY IGNORE vault (id, secret) VALUES (1, 'ok');
INSERT vault (secret) VALUE ('one');
INSERT INTO vault (secret) VALUE ('one'), ('two');
REPLACE vault VALUE (1, 'l', 's', 2);
REPLACE INTO vault SET id = 1, label = 'first', secret = 'rs';
REPLACE LOW_PRIORITY INTO vault (id, secret) VALUES (1, 'lp');
REPLACE DELAYED INTO vault (id, secret) VALUES (1, 'lp');
REPLACE INTO vault (label, secret) VALUES ('first', 'x'), ('second', 'y'), ('new', 'z');
REPLACE INTO vault (id, label, secret) SELECT id, label, CONCAT(secret, '!') FROM vault;
REPLACE INTO vault (id, label, secret, pin) SELECT id, username, email, age FROM users WHERE id IN (1, 2, 200);
INSERT INTO vault (id, secret, pin) VALUES (80, DEFAULT(secret), DEFAULT(pin));
INSERT INTO vault (id, secret, pin) VALUES (80, DEFAULT(label), 1);
INSERT INTO vault (id, label, secret) VALUES (80, DEFAULT, DEFAULT), (81, 'a', DEFAULT), (82, DEFAULT, 'c');
INSERT INTO users (username) VALUES ('only-name');
INSERT INTO users (username, email) VALUES ('a1', 'a1@x.com'), ('a2', NULL), ('a3', DEFAULT), ('a4', '');
INSERT INTO users (username, visits, age) VALUES ('v1', 3, visits * 2), ('v2', DEFAULT, visits + 1);
INSERT INTO users (username, email, nick) VALUES ('e1', 'x@y.z', SUBSTRING_INDEX(email, '@', 1));
INSERT INTO users (username, age, level, score) VALUES ('e1', 7, age, age + level);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, age, visits) VALUES ('e1', 7, age);
INSERT INTO users (username, token) VALUES ('t', x'00ff'), ('t2', 'abc'), ('t3', 0x41), ('t4', b'01000001'), ('t5', UNHEX('C3A4'));
INSERT INTO users (username, score) VALUES ('s', 18446744073709551615), ('s2', 18446744073709551616);
INSERT INTO users (username, level) VALUES ('s', 127), ('s2', -128), ('s3', 128);
INSERT INTO users (username, level) VALUES ('s', TRUE), ('s2', FALSE), ('s3', NOT 0);
INSERT INTO users (username, email, phone, nick, code, bio, age, level, score, token) VALUES ('full', 'f@x.com', '+49', 'n', 'c', 'b', 1, 2, 3, 't');
INSERT INTO users (id, username, email) VALUES (1000, 'a1000', 'x'), (NULL, 'a1001', 'y'), (0, 'a1002', 'z');
INSERT INTO users (id, tenant_id, username, email) VALUES (1000, 't-one', 'a1000', 'x');
-- expect: refused TC_TENANT_MISMATCH
INSERT INTO users (id, tenant_id, username, email) VALUES (1000, 't-two', 'a1000', 'x');
INSERT INTO users (id, tenant_id, username, email) VALUES (1000, DEFAULT, 'a1000', 'x');
INSERT INTO users (id, tenant_id, username, email) SELECT id + 100, tenant_id, CONCAT(username, 'b'), email FROM users;
INSERT INTO users (username, email) SELECT CONCAT('o', id), contact FROM orders;
INSERT INTO users (username, email) SELECT CONCAT('o', id), contact FROM orders ON DUPLICATE KEY UPDATE email = VALUES(email);
INSERT INTO users (username, email) VALUES ('user1', 'changed@x.com') ON DUPLICATE KEY UPDATE email = VALUES(email), visits = visits + 1;
INSERT INTO users (username, email) VALUES ('user1', 'changed@x.com') ON DUPLICATE KEY UPDATE users.email = VALUES(email), users.visits = users.visits + 1;
INSERT INTO users (username, email, visits) VALUES ('user1', 'changed@x.com', 3), ('user2', 'c2', 4) ON DUPLICATE KEY UPDATE visits = visits + VALUES(visits), email = CASE WHEN visits > 10 THEN VALUES(email) ELSE email END;
INSERT INTO users (username, email) VALUES ('user1', NULL) ON DUPLICATE KEY UPDATE email = COALESCE(VALUES(email), email);
INSERT INTO users (username, email) VALUES ('user1', 'n@x') ON DUPLICATE KEY UPDATE email = DEFAULT, phone = NULL;
INSERT INTO users (username, email) VALUES ('user1', 'n@x') ON DUPLICATE KEY UPDATE email = DEFAULT(email), nick = DEFAULT(nick);
INSERT INTO users (username, email) VALUES ('user1', 'n@x') ON DUPLICATE KEY UPDATE id = id;
INSERT INTO users (username, email) VALUES ('user1', 'n@x') ON DUPLICATE KEY UPDATE username = CONCAT(username, '-x'), email = username;
INSERT INTO users (username, age) VALUES ('user1', 3) ON DUPLICATE KEY UPDATE age = VALUES(age) + age, level = VALUES(age);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, age) VALUES ('user1', 3) ON DUPLICATE KEY UPDATE visits = VALUES(age);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, email) VALUES ('user1', 'sec') ON DUPLICATE KEY UPDATE username = VALUES(email);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT email FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT GROUP_CONCAT(email) FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) VALUES ((SELECT email FROM users LIMIT 1));
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) VALUES ('a') ON DUPLICATE KEY UPDATE text = (SELECT email FROM users LIMIT 1);
INSERT INTO notes (text, n) SELECT username, visits FROM users WHERE email LIKE 'a%';
INSERT INTO notes (n) SELECT COUNT(*) FROM users WHERE email = 'bob@x.com';
INSERT INTO notes (n) SELECT COUNT(email) FROM users;
INSERT INTO notes (n) VALUES ((SELECT COUNT(*) FROM users));
INSERT INTO notes (text) SELECT username FROM users ORDER BY email, id LIMIT 3;
INSERT INTO orders (user_id, amount, contact) SELECT id, visits, country FROM users WHERE phone = '111';
INSERT INTO accounts (id, secret) VALUES (500, 'x');
INSERT INTO accounts (id, secret, balance) VALUES (500, REPEAT('x', 40), 1.05), (501, REPEAT('x', 41), 2);
INSERT INTO accounts (id, secret) VALUES (500, CONCAT('a', NULL)), (501, CONCAT_WS('-', 'a', NULL, 'b'));
INSERT INTO accounts (id, secret, pin) VALUES (500, LOWER('ABC'), ABS(-3)), (501, HEX('a'), LENGTH('xyz'));
INSERT INTO accounts (id, secret) VALUES (500, NOW()), (501, CURRENT_DATE), (502, CURDATE());
INSERT INTO accounts (id, secret) VALUES (500, MD5('a')), (501, TO_BASE64('a'));
INSERT INTO accounts (id, secret) VALUES (500, @nosuch);
INSERT INTO accounts (id, secret, pin) SELECT id + 600, secret, pin FROM accounts ON DUPLICATE KEY UPDATE secret = 'dup';
INSERT INTO accounts (id, secret) VALUES (1, 'dup') ON DUPLICATE KEY UPDATE secret = VALUES(secret), id = accounts.id + 900;
-- only: mariadb
INSERT INTO vault (label, secret) VALUES ('r', 's') RETURNING *;
-- only: mariadb
INSERT INTO vault (label, secret) VALUES ('r', 's'), ('r2', 't') RETURNING id, UPPER(secret) AS up, pin IS NULL;
-- only: mariadb
REPLACE INTO vault (id, label, secret) VALUES (1, 'r', 's') RETURNING vault.*;
-- only: mariadb
INSERT INTO vault (id, secret) VALUES (1, 's') ON DUPLICATE KEY UPDATE secret = CONCAT(secret, '!') RETURNING id, secret;
-- only: mariadb
INSERT INTO users (username, email) SELECT CONCAT('r', id), contact FROM orders WHERE id < 3 RETURNING id, email, doubled;
-- only: mariadb
INSERT INTO vault SET label = 'q', secret = 'w' RETURNING id + 1, secret;
INSERT INTO {db}.vault (vault.secret, label) VALUES ('q', 'qualified');
INSERT INTO vault ({db}.vault.secret) VALUES ('q');
INSERT INTO VAULT (secret) VALUES ('q');
INSERT INTO `vault` (`SECRET`, `Pin`) VALUES ('q', 1);
INSERT INTO vault (secret, secret) VALUES ('q', 'r');
INSERT INTO vault (secret, nosuch) VALUES ('q', 'r');
INSERT INTO vault (secret, pin) VALUES ('q');
INSERT INTO vault (secret, pin) VALUES ('q', 1), ('r');
INSERT INTO vault (secret, pin) VALUES ('q', 1, 2);
INSERT INTO `Mixed Case` (`Id`, `Full Name`, `from`) VALUES (10, 'Joe "X" O''Neil', 'a'), (11, "dq", "b");
INSERT INTO `Mixed Case` SET `Id` = 10, `Full Name` = _latin1'\xe9', `from` = N'national';
INSERT INTO `Mixed Case` SET `Id` = 10, `Full Name` = 'a' 'b' 'c';
INSERT INTO `Mixed Case` SET `Id` = 10, `Full Name` = _utf8mb4 x'C3A9';
INSERT INTO `Mixed Case` SET `Id` = 10, `Full Name` = 'a' COLLATE utf8mb4_bin;
INSERT INTO `Mixed Case` (`Full Name`, `Id`) SELECT `Full Name`, `Id` + 20 FROM `Mixed Case` AS m WHERE `m`.`from` IS NOT NULL;
INSERT INTO hidden (id, visible) VALUES (10, 'v');
INSERT INTO hidden (id, visible, veiled, n) VALUES (10, 'v', 's', 4);
INSERT INTO hidden VALUES (10, 't-one', 'v');
INSERT INTO hidden (id, veiled) SELECT id + 10, veiled FROM hidden;
INSERT INTO hidden SELECT id + 10, tenant_id, visible FROM hidden;
INSERT INTO bookings (label, amount, total, ratio, born, starts, ends, active) VALUES ('b', 1.5, 2.25, 3e2, '2024-02-29', '2024-02-29 10:11:12.123', '2024-02-29 10:11:12', TRUE);
INSERT INTO bookings (label, born) VALUES ('b', '20240131'), ('c', 20240131), ('d', DATE'2024-01-31'), ('e', '2024-1-31');
INSERT INTO bookings (label, born) VALUES ('b', '2024-02-30');
INSERT INTO bookings (label, starts) VALUES ('b', NOW()), ('c', CURRENT_TIMESTAMP), ('d', LOCALTIME), ('e', TIMESTAMP'2024-01-31 01:02:03.456');
INSERT INTO bookings (label, starts, ends) VALUES ('b', '2024-01-31 10:00:00', DATE_ADD(starts, INTERVAL 1 HOUR));
INSERT INTO bookings (label, born, starts) VALUES ('b', '2024-01-31', born);
INSERT INTO bookings (label, amount, total) VALUES ('b', 10.25, amount * 4);
INSERT INTO bookings (label, active) VALUES ('a', 1 > 0), ('b', 'a' = 'b'), ('c', NULL IS NULL);
INSERT INTO bookings (label, amount) SELECT contact, amount FROM orders;
INSERT INTO bookings (label, amount, starts) SELECT label, amount, starts FROM bookings;
