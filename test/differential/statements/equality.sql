-- # Equality in rows
SELECT id FROM users WHERE (phone, id) = ('111', 1) ORDER BY id;
SELECT id FROM users WHERE (id, phone) = (1, '111') ORDER BY id;
SELECT id FROM users WHERE (phone, username) IN (('111', 'ann'), ('222', 'bob'), ('111', NULL)) ORDER BY id;
SELECT id FROM users WHERE (phone, email) = ('111', 'anna@x.com') ORDER BY id;
SELECT id FROM users WHERE ((phone, age)) = (('111', 30)) ORDER BY id;
SELECT id FROM users WHERE (phone, age) IN (('111', '030')) ORDER BY id;
SELECT id FROM users WHERE (phone, age) <> ('111', 30) ORDER BY id;
SELECT id FROM users WHERE (phone, age) <=> ('111', 30) ORDER BY id;
SELECT id FROM users WHERE (phone, age + 0) = ('111', 30) ORDER BY id;
SELECT id FROM users WHERE NOT (phone, age) = ('111', 30) ORDER BY id;
-- params: ["111", 30]
SELECT id FROM users WHERE (phone, age) = (?, ?) ORDER BY id;
-- params: ["111", 30, "222", 40]
SELECT id FROM users WHERE (phone, age) IN ((?, ?), (?, ?)) ORDER BY id;
-- params: [111, "30"]
SELECT id FROM users WHERE (phone, age) = (?, ?) ORDER BY id;
UPDATE users SET visits = 9 WHERE (phone, age) = ('111', 30);
DELETE FROM users WHERE (phone, id) IN (('111', 1), ('222', 2));
-- # Equality inside OR
SELECT id FROM users WHERE phone = '111' OR age = 30 ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR phone = '222' OR id = 3 ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR phone IS NULL ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR username = 'BOB' ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR username IN ('bob', 'cam') ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR visits > 5 ORDER BY id;
SELECT id FROM users WHERE (phone = '111' AND visits > 0) OR (id = 3 AND age = 30) ORDER BY id;
SELECT id FROM users WHERE phone = '111' XOR id = 1 ORDER BY id;
SELECT id FROM users WHERE phone <=> NULL OR id = 1 ORDER BY id;
SELECT id FROM users WHERE phone = NULL OR id = 1 ORDER BY id;
SELECT id FROM users WHERE (phone = '111' OR phone = '222') AND (age = 30 OR id = 2) ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR EXISTS (SELECT 1 FROM users v WHERE v.id = 999) ORDER BY id;
SELECT u.id, o.id FROM users u LEFT JOIN users o ON o.phone = '111' OR o.id = u.id ORDER BY u.id, o.id;
SELECT u.id, o.id FROM users u LEFT JOIN users o ON o.id = u.id + 1 WHERE o.phone = '111' OR o.phone <=> NULL ORDER BY u.id, o.id;
-- params: ["111", 3]
SELECT id FROM users WHERE phone = ? OR id = ? ORDER BY id;
-- params: [111, 3]
SELECT id FROM users WHERE phone = ? OR id = ? ORDER BY id;
-- params: ["111", "222"]
SELECT id FROM users WHERE phone = ? OR phone = ? ORDER BY id;
UPDATE users SET visits = 9 WHERE phone = '111' OR id = 3;
DELETE FROM users WHERE phone = '111' OR username = 'bob';
-- # Equality with user variables
-- {
SET @p = '111';
SELECT id FROM users WHERE phone = @p ORDER BY id;
-- }
-- {
SET @p = 111;
SELECT id FROM users WHERE phone = @p ORDER BY id;
-- }
-- {
SET @p = X'313131';
SELECT id FROM users WHERE phone = @p ORDER BY id;
-- }
-- {
SET @p = NULL;
SELECT id FROM users WHERE phone = @p ORDER BY id;
-- }
-- {
SET @p = NULL;
SELECT id FROM users WHERE phone <=> @p ORDER BY id;
-- }
-- {
SET @p = 1.11e2;
SELECT id FROM users WHERE phone = @p ORDER BY id;
-- }
-- {
SET @a = 30;
SELECT id FROM users WHERE age = @a ORDER BY id;
-- }
-- {
SET @a = '030';
SELECT id FROM users WHERE age = @a ORDER BY id;
-- }
-- {
SET @a = 30.0;
SELECT id FROM users WHERE age = @a ORDER BY id;
-- }
-- {
SET @a = 30.5;
SELECT id FROM users WHERE age = @a ORDER BY id;
-- }
-- {
SET @a = NULL;
SELECT id FROM users WHERE age = @a ORDER BY id;
-- }
-- {
SET @p = '111', @q = 222;
SELECT id FROM users WHERE phone IN (@p, @q) ORDER BY id;
-- }
-- {
SET @p = '111';
SELECT id FROM users WHERE phone = @p OR id = 3 ORDER BY id;
-- }
-- {
SET @p = '111', @a = 30;
SELECT id FROM users WHERE (phone, age) = (@p, @a) ORDER BY id;
-- }
-- {
SET @p = '111';
UPDATE users SET visits = 9 WHERE phone = @p;
-- }
-- {
SET @p = 111;
DELETE FROM users WHERE phone = @p;
-- }
SELECT id FROM users WHERE age = TRUE ORDER BY id;
SELECT id FROM users WHERE age = FALSE OR id = 1 ORDER BY id;
-- # Equality below derived tables
SELECT d.id FROM (SELECT id, phone FROM users WHERE phone = '111' OR id = 2) d ORDER BY d.id;
WITH d AS (SELECT id, phone FROM users WHERE (phone, id) = ('111', 1)) SELECT id FROM d;
SELECT d.id FROM (SELECT id, phone FROM users) d WHERE d.phone = '111' ORDER BY d.id;
SELECT COUNT(*) FROM users WHERE phone = '111' OR phone = '222';
-- expect: mysql differs kind: what WHERE makes constant is none to ONLY_FULL_GROUP_BY once it is decrypted
SELECT phone, COUNT(*) FROM users WHERE phone = '111';
SELECT DISTINCT age FROM users WHERE phone = '111' ORDER BY age;
-- # Equality of two protected columns
SELECT u.id, o.id FROM users u JOIN users o ON o.phone = u.phone ORDER BY u.id, o.id;
SELECT u.id, a.id FROM users u JOIN accounts a ON a.phone = u.phone ORDER BY u.id, a.id;
SELECT u.id, a.id FROM users u, accounts a WHERE a.phone = u.phone ORDER BY u.id, a.id;
SELECT u.id, a.id FROM users u LEFT JOIN accounts a ON a.phone = u.phone ORDER BY u.id, a.id;
SELECT u.id, a.id FROM users u RIGHT JOIN accounts a ON a.phone = u.phone ORDER BY u.id, a.id;
SELECT u.id, a.id FROM users u LEFT JOIN accounts a ON a.phone = u.phone AND a.id > 1 WHERE u.id < 5 ORDER BY u.id, a.id;
SELECT u.id, a.id FROM users u LEFT JOIN accounts a ON a.phone = u.phone WHERE a.id IS NULL ORDER BY u.id;
SELECT u.id, a.id FROM users u LEFT JOIN accounts a ON a.phone <=> u.phone ORDER BY u.id, a.id;
SELECT u.id, a.id, o.id FROM users u JOIN accounts a ON a.phone = u.phone JOIN users o ON o.phone = a.phone ORDER BY u.id, a.id, o.id;
SELECT u.id, a.id, o.id FROM users u LEFT JOIN accounts a ON a.phone = u.phone LEFT JOIN users o ON o.phone = a.phone ORDER BY u.id, a.id, o.id;
SELECT * FROM users u JOIN accounts a ON a.phone = u.phone ORDER BY u.id, a.id;
SELECT u.*, a.id FROM users u JOIN accounts a ON a.phone = u.phone ORDER BY u.id, a.id;
SELECT u.id, a.id FROM users u JOIN accounts a USING (phone) ORDER BY u.id, a.id;
SELECT COUNT(*) FROM users u JOIN accounts a ON a.phone = u.phone;
SELECT u.phone, COUNT(*) FROM users u JOIN accounts a ON a.phone = u.phone GROUP BY u.phone ORDER BY u.phone;
SELECT u.phone, COUNT(*) AS n FROM users u JOIN accounts a ON a.phone = u.phone GROUP BY u.phone HAVING n > 0 ORDER BY u.phone;
SELECT u.id FROM users u WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.phone = u.phone) ORDER BY u.id;
SELECT u.id FROM users u WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.phone = u.phone) ORDER BY u.id;
SELECT u.id, (SELECT COUNT(*) FROM accounts a WHERE a.phone = u.phone) AS n FROM users u ORDER BY u.id;
SELECT u.id, o.id FROM users u JOIN users o ON o.email = u.email ORDER BY u.id, o.id;
SELECT u.id, o.id FROM users u JOIN users o ON o.age = u.age ORDER BY u.id, o.id;
SELECT u.id, o.id FROM users u JOIN users o ON o.age = u.level ORDER BY u.id, o.id;
-- expect: mariadb differs warnings: another order of the comparison warns of other rows first
SELECT u.id, o.id FROM users u JOIN users o ON o.age = u.phone ORDER BY u.id, o.id;
SELECT u.id, o.id FROM users u STRAIGHT_JOIN users o ON o.phone = u.phone ORDER BY u.id, o.id;
SELECT u.id, a.id FROM users u JOIN accounts a ON (a.phone, a.id) = (u.phone, u.id) ORDER BY u.id, a.id;
UPDATE users u JOIN accounts a ON a.phone = u.phone SET u.visits = 7;
UPDATE users u LEFT JOIN accounts a ON a.phone = u.phone SET u.visits = 7 WHERE a.id IS NULL;
DELETE u FROM users u JOIN accounts a ON a.phone = u.phone;
