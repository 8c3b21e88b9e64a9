-- # Subqueries as values
UPDATE users SET email = (SELECT contact FROM orders WHERE id = 3) WHERE id = 1;
UPDATE users SET email = (SELECT MAX(contact) FROM orders WHERE orders.user_id = users.id);
UPDATE users SET email = (SELECT CONCAT(o.contact, users.username) FROM orders o WHERE o.id = users.id) WHERE id < 9;
UPDATE users SET email = COALESCE((SELECT o.contact FROM orders o WHERE o.id = users.id), email, 'none');
UPDATE users SET email = CASE WHEN visits > 5 THEN (SELECT text FROM notes WHERE id = 1) ELSE CONCAT(email, '!') END;
UPDATE users SET email = (SELECT contact FROM orders);
-- expect: mysql differs message: the number of the row in an UPDATE
UPDATE users SET phone = (SELECT REPEAT(text, 9) FROM notes WHERE id = 1) WHERE id = 1;
UPDATE users SET age = (SELECT COUNT(*) FROM orders o WHERE o.user_id = users.id), level = (SELECT MAX(n) FROM notes);
UPDATE users SET email = (SELECT a.email FROM accounts a WHERE a.user_id = users.id ORDER BY a.id LIMIT 1);
UPDATE users SET phone = (SELECT MAX(a.phone) FROM accounts a WHERE a.phone < users.phone);
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = (SELECT MAX(text) FROM notes WHERE n < o.id);
UPDATE users SET visits = (SELECT COUNT(*) FROM accounts a WHERE a.user_id = users.id);
UPDATE users SET visits = (SELECT COUNT(*) FROM accounts a WHERE a.secret LIKE 's-%' AND a.user_id = users.id);
UPDATE users SET country = (SELECT LEFT(MAX(v.label), 2) FROM vault v JOIN accounts a ON a.id = v.id), visits = 1 WHERE id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = (SELECT MAX(secret) FROM vault) WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users SET email = (SELECT UUID());
INSERT INTO users (username, email) VALUES ('n1', (SELECT contact FROM orders WHERE id = 1)), ('n2', (SELECT MAX(text) FROM notes));
INSERT INTO users SET username = 'n1', email = (SELECT secret FROM vault WHERE id = 1), age = (SELECT pin FROM vault WHERE id = 2);
INSERT INTO users (username, visits) VALUES ('n1', (SELECT COUNT(*) FROM accounts));
REPLACE INTO accounts (id, email) VALUES (1, (SELECT text FROM notes WHERE id = 1));
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = (SELECT contact FROM orders WHERE id = 1);
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE visits = (SELECT COUNT(*) FROM vault);
-- params: [3, 5]
UPDATE users SET email = (SELECT contact FROM orders WHERE id = ?) WHERE id = ?;
-- # Functions in values
UPDATE users SET email = SHA2(email, 256), phone = LEFT(MD5(phone), 32) WHERE id < 5;
UPDATE users SET email = JSON_UNQUOTE(JSON_EXTRACT('{"a": "b"}', '$.a')), bio = JSON_OBJECT('e', email) WHERE id = 1;
UPDATE users SET email = CONCAT_WS('-', DAYNAME('2025-01-02'), TIMESTAMPDIFF(DAY, '2025-01-01', '2025-01-05')) WHERE id = 1;
UPDATE users SET age = DATEDIFF('2025-02-01', '2025-01-01') + POW(2, 2), level = SIGN(age) WHERE id < 9;
-- # IGNORE, and without strict sql_mode
UPDATE IGNORE users SET email = CONCAT(email, '!') WHERE id < 9;
UPDATE IGNORE users SET age = age + 1, level = -level WHERE age < 1000;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE IGNORE users SET phone = REPEAT('x', 40) WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE IGNORE users SET level = level * 100;
INSERT IGNORE INTO users (id, username, email) VALUES (1, 'user1', CONCAT('a', 'b')), (601, 'n1', LOWER('ABC'));
-- {
SET sql_mode = '';
UPDATE users SET email = CONCAT(email, '!'), age = age + 1 WHERE id < 9 AND age < 1000;
INSERT INTO users (username, email, age) VALUES ('n1', UPPER('x'), 1 + 1);
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x') ON DUPLICATE KEY UPDATE email = CONCAT(email, '+');
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_mode = '';
UPDATE users SET phone = CONCAT(phone, REPEAT('x', 40)) WHERE id = 1;
-- }
INSERT IGNORE INTO users (username, email) SELECT username, contact FROM users u JOIN orders o ON o.id = u.id;
-- # Columns of the query in ON DUPLICATE KEY UPDATE
INSERT INTO users (id, username) SELECT id, CONCAT('user', id) FROM orders o WHERE id < 9 ON DUPLICATE KEY UPDATE email = o.contact, visits = o.id;
INSERT INTO users (id, username) SELECT a.id, CONCAT('user', a.id) FROM accounts a WHERE a.id < 9 ORDER BY a.id ON DUPLICATE KEY UPDATE email = CONCAT(a.secret, users.email), phone = a.phone, visits = a.grp;
INSERT INTO accounts (id, secret) SELECT u.id, u.nick FROM users u JOIN orders o ON o.id = u.id WHERE u.id < 9 ON DUPLICATE KEY UPDATE email = u.email, balance = o.amount, pin = u.visits;
INSERT INTO vault (id, secret) SELECT id, text FROM notes ON DUPLICATE KEY UPDATE pin = n;
-- expect: refused TC_PLAINTEXT_ESCAPE
INSERT INTO users (id, username) SELECT a.id, CONCAT('user', a.id) FROM accounts a ON DUPLICATE KEY UPDATE country = a.phone;
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO vault (id, secret) SELECT DISTINCT id, text FROM notes ON DUPLICATE KEY UPDATE pin = n;
-- params: [5]
INSERT INTO users (id, username) SELECT id, CONCAT('user', id) FROM orders o WHERE id < ? ON DUPLICATE KEY UPDATE email = o.contact;
-- # Subqueries over protected tables as values of other tables
UPDATE orders SET status = (SELECT MAX(username) FROM users u WHERE u.email = orders.contact);
UPDATE orders o JOIN users u ON u.id = o.user_id SET o.amount = (SELECT COUNT(*) FROM accounts a WHERE a.user_id = u.id), u.email = o.contact;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders SET status = (SELECT MAX(phone) FROM users);
