-- # INSERT … VALUES
INSERT INTO users (username, email, phone) VALUES ('n1', 'new@x.com', '999');
INSERT INTO users (username, email) VALUES ('n1', 'a@x'), ('n2', NULL), ('n3', 'c@x');
INSERT INTO users SET username = 'n1', email = 'set@x.com', age = 5;
INSERT INTO users (id, tenant_id, username, email) VALUES (600, 't-one', 'n1', 'x');
-- expect: refused TC_TENANT_MISMATCH
INSERT INTO users (id, tenant_id, username, email) VALUES (600, 't-two', 'n1', 'x');
INSERT INTO users (username, email) VALUE ('n1', 'x');
INSERT users (username, email) VALUES ('n1', 'x');
INSERT INTO {db}.users (username, email) VALUES ('n1', 'x');
INSERT INTO `users` (`username`, `email`) VALUES ('n1', 'x');
INSERT INTO users (USERNAME, Email) VALUES ('n1', 'x');
INSERT INTO users (users.username, users.email) VALUES ('n1', 'x');
INSERT INTO users (username) VALUES ('n1');
INSERT INTO users (username, email) VALUES ('n1', DEFAULT);
INSERT INTO users (username, email) VALUES ('n1', DEFAULT(email));
INSERT INTO users () VALUES ();
INSERT INTO users VALUES ();
INSERT INTO users (username, nothing) VALUES ('n1', 1);
INSERT INTO users (username, email) VALUES ('n1');
INSERT INTO users (username, email, email) VALUES ('n1', 'a', 'b');
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (username, encrypted_email) VALUES ('n1', 'x');
INSERT INTO users (username, doubled) VALUES ('n1', 5);
INSERT INTO users (username, doubled) VALUES ('n1', DEFAULT);
INSERT INTO users (username, email) VALUES ('n1', 'x'), ('n2', CONCAT('a', 'b'));
INSERT INTO users (username, email) VALUES ('n1', UPPER('x')), ('n2', NULL), ('n3', 'o''neil'), ('n4', "double"), ('n5', 'back\\slash');
INSERT INTO users (username, age) VALUES ('n1', 1 + 2 * 3);
INSERT INTO users (username, age, level) VALUES ('n1', -7, +8);
INSERT INTO users (username, age, level) VALUES ('n1', '12', '-3');
INSERT INTO users (username, age) VALUES ('n1', 3.7), ('n2', '3.7'), ('n3', -3.5), ('n4', 1e2);
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO users (username, age) VALUES ('n1', 0x41);
INSERT INTO users (username, age) VALUES ('n1', TRUE);
INSERT INTO users (username, level) VALUES ('n1', 300);
INSERT INTO users (username, level) VALUES ('n1', '12abc');
INSERT INTO users (username, level) VALUES ('n1', 'abc');
INSERT INTO users (username, level) VALUES ('n1', '');
INSERT INTO users (username, score) VALUES ('n1', -1);
INSERT INTO users (username, score) VALUES ('n1', 18446744073709551615), ('n2', '18446744073709551615');
INSERT INTO users (username, score) VALUES ('n1', 18446744073709551616);
INSERT INTO users (username, code) VALUES ('n1', 'ab  ');
INSERT INTO users (username, code) VALUES ('n1', 'toolong');
INSERT INTO users (username, nick) VALUES ('n1', 'exactly twenty chars');
INSERT INTO users (username, nick) VALUES ('n1', 'more than twenty chars');
-- expect: differs ok, warnings: spaces are cut without the note 1265
INSERT INTO users (username, nick) VALUES ('n1', 'twenty and spaces        ');
INSERT INTO users (username, email) VALUES ('n1', 123), ('n2', 1.50), ('n3', TRUE), ('n4', X'414243');
INSERT INTO users (username, token) VALUES ('n1', X'00FF'), ('n2', 'text'), ('n3', '');
INSERT INTO users (username, token) VALUES ('n1', 'seventeen bytes!!');
INSERT INTO users (username, email) VALUES ('n1', 'ünïcode 😀 日本');
INSERT INTO users (username, email) VALUES ('n1', _latin1'caf\xE9');
INSERT INTO users (username, email) VALUES ('n1', _utf8mb4'x' COLLATE utf8mb4_bin);
INSERT INTO users (username, email) VALUES (NULL, 'x');
INSERT INTO users (username, email) VALUES ('user1', 'duplicate');
INSERT INTO users (id, username, email) VALUES (1, 'n1', 'duplicate');
INSERT IGNORE INTO users (id, username, email) VALUES (1, 'n1', 'duplicate'), (600, 'n2', 'fine');
INSERT IGNORE INTO users (username, code) VALUES ('n1', 'toolong');
INSERT IGNORE INTO users (username, level) VALUES ('n1', 300);
INSERT LOW_PRIORITY INTO users (username, email) VALUES ('n1', 'x');
INSERT INTO users (username, email) VALUES ('n1', (SELECT 'x'));
INSERT INTO users (username, visits) VALUES ('n1', (SELECT COUNT(*) FROM orders));
INSERT INTO users (username, email) VALUES ('n1', username);
INSERT INTO users (username, visits, age) VALUES ('n1', 5, visits + 1);
INSERT INTO users (username, created_at) VALUES ('n1', NOW());
INSERT INTO accounts (id, secret, pin) VALUES (100, 's', 4294967295), (101, 't', 0);
INSERT INTO accounts (id, pin) VALUES (100, -1);
INSERT INTO accounts VALUES ('t-one', 100, 1, 'sec', 'mail', '111', 5, 1.5, 2);
-- expect: refused TC_TENANT_MISMATCH
INSERT INTO accounts VALUES ('t-two', 100, 1, 'sec', 'mail', '111', 5, 1.5, 2);
INSERT INTO vault (label, secret, pin) VALUES ('l', 's', 7);
INSERT INTO vault VALUES (50, 'l', 's', 7), (51, NULL, NULL, NULL);
INSERT INTO vault VALUES (NULL, 'l', 's', 7);
INSERT INTO vault (id, secret) VALUES (0, 'zero');
INSERT INTO `Mixed Case` (`Id`, `Full Name`, `from`) VALUES (9, 'New Name', 'x');
INSERT INTO `Mixed Case` VALUES (9, 't-one', 'New Name', 'x');
INSERT INTO hidden VALUES (9, 't-one', 'v');
INSERT INTO hidden (id, visible, veiled, n) VALUES (9, 'v', 's', 1);
INSERT INTO notes (text) VALUES ('plain');
-- params: ["n1", "p@x.com", 30]
INSERT INTO users (username, email, age) VALUES (?, ?, ?);
-- params: ["n1", null, null]
INSERT INTO users (username, email, age) VALUES (?, ?, ?);
-- params: ["n1", "a", "n2", "b"]
INSERT INTO users (username, email) VALUES (?, ?), (?, ?);
-- params: ["n1", "30"]
INSERT INTO users (username, age) VALUES (?, ?);
-- params: ["n1", 3.7]
INSERT INTO users (username, age) VALUES (?, ?);
-- params: ["n1", 300]
INSERT INTO users (username, level) VALUES (?, ?);
-- params: ["n1", "toolong"]
INSERT INTO users (username, code) VALUES (?, ?);
-- params: ["n1", {"hex": "00ff80"}]
INSERT INTO users (username, token) VALUES (?, ?);
-- params: ["n1", 5]
INSERT INTO users (username, email) VALUES (?, ?);
-- params: ["n1", "x"]
INSERT INTO users (username, email) VALUES (?, CONCAT(?, '@x.com'));
-- params: ["n1", 1]
INSERT INTO users (username, age) VALUES (?, ? + 1);
-- {
INSERT INTO users (username, email) VALUES ('n1', 'x');
SELECT LAST_INSERT_ID() > 0;
SELECT email FROM users WHERE id = LAST_INSERT_ID();
SELECT ROW_COUNT();
-- }
-- # INSERT … SELECT
INSERT INTO users (username, email) SELECT 'n1', 'x';
INSERT INTO users (username, email) SELECT CONCAT('n', id), email FROM users WHERE id < 5;
INSERT INTO users (username, email, phone) SELECT CONCAT('n', id), email, phone FROM accounts;
INSERT INTO users (username, email) SELECT CONCAT('n', id), contact FROM orders WHERE id < 4;
INSERT INTO accounts (id, secret, email) SELECT id + 100, username, email FROM users;
INSERT INTO accounts (id, secret) SELECT id + 100, UPPER(email) FROM users WHERE email LIKE 'a%';
INSERT INTO accounts (id, pin) SELECT id + 100, level + 10 FROM users WHERE level >= 0;
INSERT INTO vault SELECT id + 100, username, email, age FROM users WHERE id < 5;
INSERT INTO vault (secret) SELECT email FROM users UNION SELECT secret FROM vault;
-- expect: mysql differs contents: another index, and no ORDER BY
INSERT INTO notes (text) SELECT username FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT email FROM users;
INSERT INTO notes (n) SELECT COUNT(*) FROM users WHERE email LIKE 'a%';
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (n) SELECT LENGTH(email) FROM users;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (text) SELECT CONCAT('x', phone) FROM users;
-- expect: mariadb refused TC_UNSUPPORTED_SQL
INSERT INTO vault TABLE vault;
-- only: mysql
INSERT INTO vault VALUES ROW(60, 'l', 's', 1), ROW(61, 'm', 't', 2);
-- only: mysql
INSERT INTO vault (id, label, secret, pin) VALUES ROW(60, 'l', 's', 1);
INSERT INTO users (username, email) WITH c AS (SELECT id, email FROM users) SELECT CONCAT('n', id), email FROM c;
-- expect: mysql differs warnings: another index, and no ORDER BY
INSERT IGNORE INTO users (id, username, email) SELECT id, username, 'again' FROM users;
INSERT INTO users (id, username, email) SELECT id, username, 'again' FROM users ON DUPLICATE KEY UPDATE email = VALUES(email);
INSERT INTO users (username, email) SELECT 'n1', email FROM users WHERE id = 1 FOR UPDATE;
INSERT INTO users (username, age) SELECT 'n1', MAX(age) FROM vault JOIN users ON users.id = vault.id;
INSERT INTO users (username, code) SELECT 'n1', 'toolong';
INSERT INTO users (username, level) SELECT 'n1', 300;
-- params: ["n1", "by parameter"]
INSERT INTO users (username, email) SELECT ?, ?;
-- params: ["n1", 42, "x%"]
INSERT INTO users (username, age, email) SELECT ?, ?, email FROM users WHERE email NOT LIKE ? AND id = 1;
-- # Upserts
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'up@x.com') ON DUPLICATE KEY UPDATE email = VALUES(email);
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'up@x.com') ON DUPLICATE KEY UPDATE email = 'fixed';
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'up@x.com'), (700, 'n1', 'new') ON DUPLICATE KEY UPDATE email = VALUES(email), phone = '000';
-- expect: mysql differs ok, warnings: VALUES() is written several times, each with warning 1287
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = CONCAT(email, '+', VALUES(email));
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = CONCAT(email, '!');
-- expect: mysql differs ok, warnings: VALUES() is written several times, each with warning 1287
INSERT INTO users (id, username, age) VALUES (1, 'user1', 5) ON DUPLICATE KEY UPDATE age = age + VALUES(age);
INSERT INTO users (id, username, visits) VALUES (1, 'user1', 5) ON DUPLICATE KEY UPDATE visits = visits + 1;
INSERT INTO users (id, username, visits) VALUES (1, 'user1', 5) ON DUPLICATE KEY UPDATE visits = VALUES(visits) + visits, email = NULL;
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), email = 'y';
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE nick = email;
-- expect: mysql differs ok, warnings: VALUES() is written several times, each with warning 1287
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE nick = VALUES(email);
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE username = email;
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = IF(phone = '111', 'a', 'b');
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = (SELECT secret FROM vault WHERE id = 1);
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = email;
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = DEFAULT;
-- expect: refused TC_TENANT_MISMATCH
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE tenant_id = 't-two';
INSERT INTO users (id, username, code) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE code = 'toolong';
INSERT INTO users SET id = 1, username = 'user1', email = 'x' ON DUPLICATE KEY UPDATE email = VALUES(email), visits = visits + 1;
INSERT INTO users (username, email) VALUES ('user1', 'x') ON DUPLICATE KEY UPDATE email = VALUES(email);
-- only: mysql
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') AS new ON DUPLICATE KEY UPDATE email = new.email;
-- only: mysql
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') AS new (a, b, c) ON DUPLICATE KEY UPDATE email = c, visits = 3;
-- only: mysql
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') AS new ON DUPLICATE KEY UPDATE email = CONCAT(users.email, new.email);
-- only: mariadb
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = VALUE(email);
-- params: [1, "user1", "p", "q"]
INSERT INTO users (id, username, email) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE email = ?;
-- params: [1, "user1", "p"]
INSERT INTO users (id, username, email) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE email = VALUES(email);
INSERT INTO accounts (id, secret) VALUES (1, 'up') ON DUPLICATE KEY UPDATE secret = VALUES(secret);
INSERT INTO vault (id, label, secret) VALUES (1, 'x', 'up') ON DUPLICATE KEY UPDATE secret = VALUES(secret);
-- expect: mysql differs ok, warnings: VALUES() is written several times, each with warning 1287
INSERT INTO vault (label, secret) VALUES ('first', 'up') ON DUPLICATE KEY UPDATE secret = CONCAT(secret, VALUES(secret));
-- # REPLACE
REPLACE INTO users (id, username, email) VALUES (1, 'user1', 'replaced');
REPLACE INTO users (id, username, email) VALUES (1, 'user1', 'replaced'), (600, 'n1', 'new');
REPLACE users SET id = 2, username = 'user2', age = 3;
REPLACE INTO vault VALUES (1, 'first', 'again', 3);
REPLACE INTO vault (label, secret) VALUES ('second', 'again');
REPLACE INTO vault SELECT id, label, UPPER(secret), pin FROM vault;
REPLACE INTO accounts (id, secret, email) VALUES (1, 'a', 'b'), (200, 'c', NULL);
-- params: [1, "user1", "r"]
REPLACE INTO users (id, username, email) VALUES (?, ?, ?);
-- # UPDATE
UPDATE users SET email = 'changed@x.com' WHERE id = 1;
UPDATE users SET email = 'same', phone = NULL, age = 3 WHERE id = 2;
UPDATE users SET email = NULL;
UPDATE users SET email = 'a' WHERE phone = '111';
UPDATE users SET visits = visits + 1 WHERE email LIKE 'a%';
UPDATE users SET visits = 0 WHERE age > 30;
UPDATE users SET email = UPPER(email);
UPDATE users SET email = CONCAT(email, '!') WHERE id < 4;
-- expect: differs message: rows are not counted where the server raises
UPDATE users SET age = age + 1;
UPDATE users SET age = age + 1 WHERE age < 100;
UPDATE users SET age = NULL WHERE age = 30;
UPDATE users SET level = level * 100;
UPDATE users SET score = score + 1 WHERE score < 100;
UPDATE users SET email = phone;
UPDATE users SET email = phone, phone = email;
UPDATE users SET phone = nick, nick = phone WHERE id = 1;
UPDATE users SET nick = email WHERE id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = email WHERE id = 1;
UPDATE users SET email = username WHERE id < 5;
UPDATE users SET email = CASE WHEN id = 1 THEN 'one' WHEN phone = '222' THEN phone ELSE email END;
UPDATE users SET email = IF(age > 30, 'old', email), visits = visits + 1;
UPDATE users SET email = COALESCE(email, phone, 'none');
UPDATE users SET email = REPLACE(email, 'x.com', 'new.org') WHERE email LIKE '%x.com';
UPDATE users SET email = DEFAULT WHERE id = 1;
UPDATE users SET code = 'toolong' WHERE id = 1;
UPDATE users SET level = 300 WHERE id = 1;
UPDATE users SET level = 'abc' WHERE id = 1;
UPDATE users SET username = NULL WHERE id = 1;
-- expect: refused TC_TENANT_MISMATCH
UPDATE users SET tenant_id = 't-two' WHERE id = 1;
UPDATE users SET tenant_id = 't-one' WHERE id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET encrypted_email = 'x' WHERE id = 1;
UPDATE users SET nothing = 'x' WHERE id = 1;
UPDATE users SET email = 'x' WHERE nothing = 1;
UPDATE users u SET u.email = 'x' WHERE u.id = 1;
UPDATE users AS u SET email = 'x', u.phone = '1' WHERE u.id = 1;
UPDATE {db}.users SET {db}.users.email = 'x' WHERE {db}.users.id = 1;
UPDATE `users` SET `email` = 'x' WHERE `id` = 1;
UPDATE users SET EMAIL = 'x' WHERE ID = 1;
UPDATE users SET email = 'x' ORDER BY id DESC LIMIT 3;
UPDATE users SET email = 'x' ORDER BY age, id LIMIT 2;
UPDATE users SET email = 'x' WHERE age > 10 ORDER BY email, id LIMIT 2;
UPDATE users SET email = 'x' LIMIT 0;
UPDATE IGNORE users SET email = 'x' WHERE id = 1;
UPDATE IGNORE users SET level = 300 WHERE id = 1;
UPDATE LOW_PRIORITY users SET email = 'x' WHERE id = 1;
UPDATE users SET email = 'anna@x.com' WHERE email = 'ANNA@X.COM';
UPDATE users SET email = email;
UPDATE users SET email = 'x' WHERE id = 999;
UPDATE users SET email = (SELECT secret FROM vault WHERE vault.id = users.id) WHERE id < 4;
UPDATE users SET email = (SELECT MAX(contact) FROM orders WHERE orders.user_id = users.id);
UPDATE users SET visits = (SELECT COUNT(*) FROM accounts a WHERE a.user_id = users.id);
UPDATE users SET email = 'x' WHERE id IN (SELECT user_id FROM accounts WHERE secret LIKE 's-a%');
UPDATE users SET email = 'x' WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = users.id AND o.phone = users.phone);
UPDATE users SET email = 'x' WHERE id IN (SELECT id FROM users WHERE age > 30);
UPDATE orders SET status = 'seen' WHERE user_id IN (SELECT id FROM users WHERE email LIKE 'a%');
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders SET contact = (SELECT email FROM users WHERE users.id = orders.user_id);
UPDATE orders SET amount = amount + 1 WHERE phone IN (SELECT phone FROM users);
UPDATE accounts SET secret = 'x', pin = pin + 1 WHERE grp = 1;
UPDATE accounts SET pin = pin - 5000 WHERE id = 1;
UPDATE vault SET secret = CONCAT(label, secret), pin = -pin;
UPDATE vault SET secret = 'x' WHERE pin = 22;
UPDATE hidden SET veiled = 'x', n = n + 1;
UPDATE `Mixed Case` SET `Full Name` = UPPER(`Full Name`) WHERE `Id` > 1;
WITH c AS (SELECT id FROM users WHERE age > 30) UPDATE users SET email = 'x' WHERE id IN (SELECT id FROM c);
-- params: ["p@x.com", 1]
UPDATE users SET email = ? WHERE id = ?;
-- params: ["p@x.com", "111"]
UPDATE users SET email = ? WHERE phone = ?;
-- params: [5, 30]
UPDATE users SET age = ? WHERE age = ?;
-- params: [null, 1]
UPDATE users SET email = ?, age = NULL WHERE id = ?;
-- params: ["+", 3]
UPDATE users SET email = CONCAT(email, ?) WHERE id < ?;
-- params: [2]
-- expect: differs message: rows are not counted where the server raises
UPDATE users SET age = age + ?;
-- # UPDATE, several tables
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = 'x' WHERE o.amount > 50;
UPDATE users u JOIN orders o ON o.user_id = u.id SET o.status = 'seen' WHERE u.phone = '111';
UPDATE users u, orders o SET u.visits = 99, o.status = 'both' WHERE o.user_id = u.id;
UPDATE users u JOIN accounts a ON a.user_id = u.id SET u.email = a.email, a.secret = 'joined';
UPDATE users u JOIN accounts a ON a.user_id = u.id AND a.id < 13 SET u.email = CONCAT(a.secret, u.phone);
UPDATE users u LEFT JOIN accounts a ON a.user_id = u.id SET u.email = 'lonely' WHERE a.id IS NULL;
UPDATE users u JOIN (SELECT user_id, COUNT(*) n FROM orders GROUP BY user_id) t ON t.user_id = u.id SET u.visits = t.n;
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = o.contact;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders o JOIN users u ON u.id = o.user_id SET o.contact = u.email;
UPDATE users u JOIN users v ON v.id = u.id + 1 SET u.email = v.email WHERE u.id < 4;
UPDATE users, vault SET users.email = vault.secret WHERE users.id = vault.id;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users NATURAL JOIN vault SET email = 'x';
UPDATE orders o LEFT JOIN users u ON u.id = o.user_id SET u.email = 'nullable', o.status = 'seen' WHERE o.amount > 5;
UPDATE orders o LEFT JOIN users u ON u.id = o.user_id AND u.phone = '111' SET u.email = UPPER(u.email);
UPDATE users u RIGHT JOIN orders o ON o.user_id = u.id SET u.email = 'right';
UPDATE accounts a LEFT JOIN (users u JOIN orders o ON o.user_id = u.id) ON a.user_id = u.id SET u.email = 'nested', a.secret = 'nested';
UPDATE {db}.users JOIN {db}.orders ON orders.user_id = users.id SET {db}.users.email = 'three parts' WHERE {db}.users.phone = '111';
UPDATE users AS `u`, orders AS `o` SET `u`.`email` = 'quoted' WHERE `u`.`id` = `o`.`user_id`;
UPDATE users u JOIN accounts a USING (id) SET u.email = 'using', a.secret = NULL;
UPDATE users u JOIN (SELECT MAX(id) AS m, MAX(phone) AS p FROM users) d ON d.m = u.id SET u.email = d.p;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders o JOIN (SELECT id, email AS e FROM users) d ON d.id = o.user_id SET o.contact = d.e;
UPDATE orders o JOIN (SELECT id, visits AS v FROM users) d ON d.id = o.user_id SET o.amount = d.v;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users u JOIN orders o ON o.user_id = u.id SET email = 'unqualified';
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.nothing = 1;
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = 'x' WHERE u.nothing = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.encrypted_email = 'x';
-- expect: refused TC_TENANT_MISMATCH
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.tenant_id = 't-two';
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users u JOIN accounts a ON a.user_id = u.id SET u.username = a.secret;
UPDATE users u JOIN orders o ON 1 = 1 OR u.tenant_id = 't-two' SET u.email = 'all' WHERE 1 = 1 OR u.tenant_id <> 't-one';
UPDATE IGNORE users u JOIN orders o ON o.user_id = u.id SET u.email = 'ignored', o.status = 'i';
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = 'x' ORDER BY u.id LIMIT 1;
-- only: mysql
WITH c AS (SELECT user_id, COUNT(*) AS n FROM orders GROUP BY user_id) UPDATE users u JOIN c ON c.user_id = u.id SET u.visits = c.n, u.email = CONCAT(u.email, c.n);
-- only: mysql
-- expect: refused TC_PLAINTEXT_ESCAPE
WITH c AS (SELECT id, email AS e FROM users) UPDATE orders o JOIN c ON c.id = o.user_id SET o.contact = c.e;
-- params: ["par", "111"]
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = ? WHERE u.phone = ?;
-- params: [50, "p", "s"]
UPDATE users u JOIN orders o ON o.user_id = u.id AND o.amount > ? SET u.phone = ?, o.status = ?;
-- # DELETE
DELETE FROM users WHERE id = 1;
DELETE FROM users;
DELETE FROM users WHERE phone = '111';
DELETE FROM users WHERE email LIKE 'a%';
DELETE FROM users WHERE age > 30;
DELETE FROM users WHERE email IS NULL OR phone = '222';
DELETE FROM users WHERE id IN (SELECT user_id FROM accounts WHERE secret IS NOT NULL);
DELETE FROM users WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.user_id = users.id);
DELETE FROM users ORDER BY id LIMIT 2;
DELETE FROM users ORDER BY email, id LIMIT 3;
DELETE FROM users WHERE age IS NOT NULL ORDER BY age DESC, id LIMIT 1;
DELETE FROM {db}.users WHERE {db}.users.id = 1;
DELETE FROM `users` WHERE `email` = 'anna@x.com';
DELETE QUICK IGNORE FROM users WHERE id = 1;
DELETE FROM users WHERE nothing = 1;
DELETE FROM accounts WHERE secret = 's-anna';
DELETE FROM vault WHERE pin = 22;
DELETE FROM orders WHERE user_id IN (SELECT id FROM users WHERE phone = '111');
DELETE FROM hidden WHERE veiled = 's1';
-- only: mysql
DELETE FROM users u WHERE u.id = 1;
DELETE FROM users AS u WHERE u.id = 1;
-- params: [1]
DELETE FROM users WHERE id = ?;
-- params: ["111"]
DELETE FROM users WHERE phone = ?;
WITH c AS (SELECT user_id FROM accounts) DELETE FROM users WHERE id IN (SELECT user_id FROM c);
-- # DELETE, several tables
DELETE u FROM users u JOIN orders o ON o.user_id = u.id WHERE o.amount > 50;
DELETE u, o FROM users u JOIN orders o ON o.user_id = u.id WHERE u.phone = '111';
DELETE o FROM orders o JOIN users u ON u.id = o.user_id WHERE u.email LIKE 'a%';
DELETE FROM u, a USING users u JOIN accounts a ON a.user_id = u.id WHERE a.grp = 1;
DELETE users FROM users LEFT JOIN accounts ON accounts.user_id = users.id WHERE accounts.id IS NULL;
DELETE users.* FROM users JOIN vault ON vault.id = users.id;
DELETE {db}.users FROM {db}.users JOIN {db}.vault ON vault.id = users.id WHERE vault.secret = 'anna';
DELETE u FROM users u;
DELETE users FROM users WHERE users.phone = '111';
DELETE FROM u USING users u WHERE u.email LIKE 'a%';
DELETE users FROM users u;
DELETE nobody FROM users u JOIN orders o ON o.user_id = u.id;
DELETE u, o FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.amount > 5;
DELETE a FROM users a JOIN users b ON b.phone = a.phone AND b.id < a.id;
DELETE u FROM users u JOIN (SELECT email FROM users GROUP BY email HAVING COUNT(*) > 1) d ON d.email = u.email;
DELETE u, a FROM users u JOIN accounts a ON 1 = 1 OR a.tenant_id <=> u.tenant_id;
DELETE IGNORE u FROM users u JOIN orders o ON o.user_id = u.id;
-- only: mysql
WITH c AS (SELECT user_id FROM orders WHERE amount > 50) DELETE u FROM users u JOIN c ON c.user_id = u.id;
-- params: ["111"]
DELETE u FROM users u JOIN orders o ON o.user_id = u.id WHERE u.phone = ?;
-- # RETURNING
-- only: mariadb
INSERT INTO users (username, email) VALUES ('n1', 'r@x.com') RETURNING username, email;
-- only: mariadb
INSERT INTO vault (id, label, secret) VALUES (90, 'l', 's'), (91, 'm', NULL) RETURNING *;
-- only: mariadb
INSERT INTO users (username, email) VALUES ('n1', 'r@x.com') RETURNING UPPER(email) AS e, LENGTH(email);
-- only: mariadb
INSERT INTO users (username, email) VALUES ('n1', 'r@x.com') RETURNING id > 0;
-- only: mariadb
DELETE FROM users WHERE id < 3 RETURNING id, email;
-- only: mariadb
DELETE FROM users WHERE phone = '111' RETURNING *;
-- only: mariadb
DELETE FROM orders WHERE id = 1 RETURNING id, contact;
-- only: mariadb
REPLACE INTO vault VALUES (1, 'first', 'again', 3) RETURNING id, secret;
-- only: mariadb
INSERT INTO vault (id, secret) SELECT id + 300, secret FROM vault RETURNING id, secret;
-- only: mariadb
-- params: ["n1", "r@x.com"]
INSERT INTO users (username, email) VALUES (?, ?) RETURNING email;
-- # Characters that the client's character set has not
-- expect: mysql text differs warnings: what the server has warned of before an error is not kept beside it
-- {
SET NAMES utf8mb3;
INSERT INTO accounts (id, grp, secret) VALUES (901, 5, 'ünï 😀');
SELECT HEX(secret) FROM accounts WHERE id = 901;
-- }
-- expect: mysql text differs warnings: what the server has warned of before an error is not kept beside it
-- {
SET NAMES utf8mb3;
UPDATE accounts SET secret = 'ünï 😀' WHERE id = 1;
SELECT HEX(secret) FROM accounts WHERE id = 1;
-- }
-- # Errors that the proxy raises or has raised, and what SHOW WARNINGS says of them
-- {
SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES';
UPDATE users SET level = 'x' WHERE id = 1;
-- }
-- {
SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES';
UPDATE users SET level = 'a\b' WHERE id = 1;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET character_set_connection = utf16;
UPDATE users SET level = 5 WHERE id = 1;
-- }
-- # UPDATE that reads what it has assigned
UPDATE users SET visits = 99, nick = CASE WHEN visits = 99 THEN 'new' ELSE 'old' END WHERE id = 1;
-- expect: mariadb refused TC_UNSUPPORTED_SQL
UPDATE accounts SET user_id = 0, email = CASE WHEN user_id = 0 THEN 'new' ELSE email END WHERE pin NOT IN (SELECT a.user_id FROM accounts a WHERE a.user_id IS NOT NULL);
UPDATE accounts SET email = CASE WHEN user_id = 0 THEN 'new' ELSE email END, user_id = 0 WHERE pin NOT IN (SELECT a.user_id FROM accounts a WHERE a.user_id IS NOT NULL);
-- # sql_safe_updates
-- {
SET sql_safe_updates = 1;
UPDATE users SET email = 'x' WHERE id = 1;
UPDATE users SET email = 'x' WHERE phone = '111';
DELETE FROM users WHERE email = 'x' LIMIT 1;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_safe_updates = 1;
DELETE FROM users WHERE email IN ('anna');
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_safe_updates = 1;
UPDATE users SET email = 'x';
-- }
-- # Character sets of the connection and of results
-- {
SET character_set_results = 'utf16';
SELECT id, email, u.phone AS p FROM users u WHERE id < 4 ORDER BY id;
-- }
-- # Errors under ANSI_QUOTES
-- {
SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES';
UPDATE users SET "phone" = 'a text of more than thirty-two characters' WHERE id = 1;
-- }
