-- # Kinds of inputs that encrypt rewriters are tested with
INSERT INTO users (id, username, email, phone) VALUES (701, 'n1', 'a1', 'p1'), (702, 'n2', 'a2', 'p2'), (703, 'n3', 'a3', 'p3') ON DUPLICATE KEY UPDATE email = VALUES(email), phone = VALUES(phone);
INSERT INTO users SET id = 701, username = 'n1', email = 'a1', phone = 'p1', level = 1;
-- params: [701, "n1", "a1", "p1"]
INSERT INTO users SET id = ?, username = ?, email = ?, phone = ?;
-- params: [701, "n1", "a1", 702, "n2", "a2"]
INSERT INTO users (id, username, email) VALUES (?, ?, ?), (?, ?, ?);
-- params: [701, "n1", "a1", "a2"]
INSERT INTO users (id, username, email) VALUES (?, ?, ?), (702, 'n2', ?);
-- params: ["a1", "n1", 701]
REPLACE INTO users (email, username, id) VALUES (?, ?, ?);
INSERT INTO users (id, username, email) VALUES (701, 'n1', 'a1') ON DUPLICATE KEY UPDATE email = 'a2', level = 2;
-- params: ["a9", 1, "p9"]
UPDATE users SET email = ? WHERE id = ? OR phone = ?;
-- params: ["a9", "111", "222"]
UPDATE users SET email = ? WHERE phone IN (?, ?);
UPDATE users SET email = 'a9', phone = 'p9' WHERE email = 'anna@x.com' AND phone = '111';
UPDATE users SET email = 'a9' WHERE users.email = 'anna@x.com';
UPDATE users u SET u.email = 'a9' WHERE u.email = 'anna@x.com' AND u.phone IN ('111', '222');
DELETE FROM users WHERE phone = '111' AND email IN ('anna@x.com', 'bob@y.org');
-- params: ["111", "anna@x.com"]
DELETE FROM users WHERE phone = ? AND email = ?;
SELECT * FROM users WHERE phone = '111' AND nick = 'anna';
SELECT * FROM users WHERE phone IN ('111', '222') AND nick IN ('anna', 'bob') ORDER BY id;
SELECT users.* FROM users WHERE users.phone = '111' ORDER BY users.id;
SELECT u.*, u.email AS mail FROM users u WHERE u.phone = '111' ORDER BY u.id;
SELECT id, email, phone AS "p" FROM users WHERE phone = '111' GROUP BY id, email, phone ORDER BY id DESC;
SELECT email AS a FROM users WHERE phone = '111' ORDER BY a, id;
SELECT COUNT(phone), MAX(phone), MIN(phone) FROM users WHERE phone = '111';
SELECT COUNT(1) FROM (SELECT * FROM users WHERE phone = '111') AS temp;
SELECT COUNT(1) FROM (SELECT DISTINCT phone FROM users WHERE phone = '111' AND level IS NOT NULL) AS temp;
SELECT (SELECT MAX(phone) FROM users) AS max_phone, phone FROM users WHERE id = 1;
SELECT * FROM (SELECT id, phone FROM users) o, (SELECT id, phone FROM accounts) u WHERE o.phone = u.phone ORDER BY o.id, u.id;
SELECT u.id FROM users u, accounts a WHERE u.phone = a.phone AND u.phone = '111' ORDER BY 1;
SELECT u.id FROM users u INNER JOIN accounts a ON u.phone = a.phone AND a.phone = '111' WHERE u.email LIKE '%x%' ORDER BY 1;
SELECT u.id FROM users u WHERE u.phone NOT IN (SELECT phone FROM accounts WHERE phone = '111') ORDER BY 1;
SELECT u.id FROM users u WHERE EXISTS (SELECT phone FROM accounts a WHERE u.phone = a.phone AND a.phone = '222') ORDER BY 1;
SELECT phone FROM users WHERE phone LIKE '%1%' ORDER BY id;
SELECT phone FROM users WHERE phone LIKE CONCAT('%', '1', '%') ORDER BY id;
-- params: ["1"]
SELECT phone FROM users WHERE phone LIKE CONCAT('%', ?, '%') ORDER BY id;
SELECT phone FROM users WHERE CONCAT(phone, '') = '111' ORDER BY id;
SELECT CONCAT('a', phone), LOWER(phone) FROM users WHERE LOWER(phone) = '111' ORDER BY id;
SELECT phone FROM users WHERE NOT (phone = '111' OR phone = '222') ORDER BY id;
SELECT phone FROM users WHERE phone = '111' AND (nick = 'anna' OR code = 'aa') ORDER BY id;
SELECT id FROM users WHERE phone BETWEEN '1' AND '2' ORDER BY id;
SELECT id FROM users WHERE phone >= '2' ORDER BY phone, id;
SELECT id FROM users WHERE phone <> '111' AND phone != '222' ORDER BY id;
SELECT id FROM users WHERE phone IS NULL OR phone = '' ORDER BY id;
SELECT phone FROM users UNION ALL SELECT phone FROM accounts;
SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING phone = '111';
SELECT CASE WHEN phone = '111' THEN 'one' WHEN phone IN ('222') THEN 'two' ELSE phone END FROM users ORDER BY id;
SELECT IFNULL(phone, 'none'), NULLIF(phone, '111') FROM users ORDER BY id;
UPDATE users SET phone = CASE WHEN id = 1 THEN 'one' WHEN id = 2 THEN 'two' END WHERE id IN (1, 2);
UPDATE users SET email = CASE id WHEN 1 THEN 'one' ELSE email END, phone = '9' WHERE id IN (1, 2);
UPDATE users u, accounts a SET u.phone = a.phone WHERE u.id = a.user_id AND a.id IN (1, 2, 3);
UPDATE users u, accounts a SET u.phone = '31' WHERE u.id = a.user_id;
UPDATE users u INNER JOIN accounts a ON u.id = a.user_id SET u.phone = '999', a.secret = 'zzz' WHERE u.phone = '111';
INSERT INTO users (username, email, phone) SELECT CONCAT('n', id), email, phone FROM accounts WHERE phone = '111';
INSERT INTO accounts (id, secret, phone) SELECT id + 100, email, phone FROM users WHERE phone = '111';
INSERT INTO vault (label, secret) SELECT username, CONCAT(email, phone) FROM users WHERE phone = '111';
DELETE u FROM users u INNER JOIN accounts a ON u.phone = a.phone WHERE a.phone = '111';
WITH t AS (SELECT id, phone FROM users WHERE phone = '111') SELECT * FROM t WHERE phone LIKE '1%' ORDER BY id;
SELECT phone, ROW_NUMBER() OVER (PARTITION BY phone ORDER BY id) FROM users WHERE phone = '111';
SELECT DISTINCT phone, email FROM users WHERE phone = '111' ORDER BY email;
SELECT GROUP_CONCAT(phone ORDER BY id) FROM users;
SELECT id FROM users WHERE phone = (SELECT phone FROM accounts WHERE id = 3) ORDER BY id;
SELECT id FROM users WHERE (phone, nick) IN (('111', 'anna'), ('222', 'bob')) ORDER BY id;
SELECT id FROM users ORDER BY phone, id LIMIT 3;
SELECT id FROM users WHERE phone = '111' LIMIT 0, 10;
SELECT id, email FROM users WHERE phone = '111' ORDER BY id FOR UPDATE;
-- # Values that do not matter to the plain table
UPDATE users SET level = 300 WHERE id = 999;
UPDATE users SET code = 'toolong' WHERE id = 999;
INSERT INTO users (id, username, level) VALUES (601, 'n1', 1) ON DUPLICATE KEY UPDATE level = 300;
UPDATE users SET email = IF(id = 1, 'x', REPEAT('long', 50)) WHERE id = 1;
DELETE FROM users WHERE level = 300;
SELECT id FROM users WHERE code = 'toolong';
