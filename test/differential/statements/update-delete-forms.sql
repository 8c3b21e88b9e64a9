-- # UPDATE in every form
UPDATE vault SET secret = CONCAT(secret, '-', pin), pin = pin + 1;
UPDATE vault SET pin = pin + 1, secret = CONCAT(secret, '-', pin) WHERE id = 2;
UPDATE vault SET secret = label, label = NULL WHERE id = 2;
UPDATE vault SET secret = UPPER(secret), pin = -pin ORDER BY pin DESC LIMIT 2;
UPDATE vault SET secret = NULL, pin = DEFAULT WHERE secret = 'anna';
UPDATE vault SET secret = DEFAULT(secret) WHERE id = 1;
UPDATE vault v SET v.secret = REPLACE(v.secret, 'a', 'o') WHERE v.pin BETWEEN -5 AND 5;
UPDATE vault AS v SET secret = TRIM(BOTH 'a' FROM secret);
UPDATE vault SET secret = CASE id WHEN 1 THEN 'one' WHEN 2 THEN UPPER(secret) ELSE secret END;
UPDATE vault SET secret = CASE WHEN pin > 0 THEN 'pos' WHEN pin < 0 THEN 'neg' END, pin = CASE WHEN secret = 'pos' THEN 1 ELSE 0 END;
UPDATE vault SET secret = IF(secret IS NULL, 'was null', secret), label = IF(pin IS NULL, 'x', label);
UPDATE vault SET secret = COALESCE(secret, label, 'none');
UPDATE vault SET secret = NULLIF(secret, 'anna');
UPDATE vault SET secret = IFNULL(NULLIF(TRIM(secret), ''), 'empty');
UPDATE vault SET secret = LEFT(secret, 2), pin = CHAR_LENGTH(secret);
UPDATE vault SET secret = REVERSE(secret) WHERE secret LIKE '%a';
UPDATE vault SET secret = INSERT(secret, 1, 1, 'Q') WHERE secret REGEXP '^a';
UPDATE vault SET secret = LPAD(secret, 8, '*'), pin = pin % 3;
UPDATE vault SET secret = CONCAT_WS(',', secret, label, pin);
UPDATE vault SET secret = HEX(secret), pin = ASCII(secret);
UPDATE vault SET secret = MD5(secret) WHERE id < 3;
UPDATE vault SET secret = SHA2(CONCAT(secret, id), 256) WHERE id = 1;
UPDATE vault SET secret = ELT(id, 'a', 'b', 'c');
UPDATE vault SET secret = FORMAT(pin, 2);
UPDATE vault SET secret = CAST(pin AS CHAR), pin = CAST(id AS SIGNED);
UPDATE vault SET secret = (SELECT MAX(email) FROM users) WHERE id = 1;
UPDATE vault SET secret = (SELECT u.email FROM users u WHERE u.id = vault.id) WHERE id < 4;
UPDATE vault SET pin = (SELECT COUNT(*) FROM users u WHERE u.email > vault.secret);
UPDATE vault SET label = (SELECT username FROM users u WHERE u.id = vault.id);
UPDATE vault SET secret = 'x' WHERE id IN (SELECT user_id FROM accounts WHERE secret IS NOT NULL);
UPDATE vault SET secret = 'x' WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = vault.id AND u.email IS NOT NULL);
UPDATE vault SET secret = 'x' WHERE (id, label) IN (SELECT id, label FROM (SELECT id, label FROM vault WHERE pin > 0) t);
UPDATE vault SET secret = 'x' WHERE secret = (SELECT MIN(secret) FROM (SELECT secret FROM vault) t);
UPDATE vault SET secret = 'x' WHERE secret IN ('anna', 'zoë') OR pin IS NULL;
UPDATE vault SET secret = 'x' WHERE NOT (secret <=> NULL) AND pin <> 22;
UPDATE vault SET secret = 'x', pin = 3 WHERE pin = 22 LIMIT 1;
UPDATE vault SET secret = secret;
UPDATE vault SET pin = pin WHERE id = 3;
UPDATE LOW_PRIORITY vault SET pin = 3 WHERE id = 3;
UPDATE IGNORE vault SET id = 1 WHERE id = 2;
UPDATE IGNORE vault SET label = 'first', secret = 'dup';
UPDATE vault SET label = 'first' WHERE id = 2;
UPDATE vault SET id = id + 100 ORDER BY id DESC;
UPDATE vault SET pin = 2147483648 WHERE id = 1;
UPDATE vault SET pin = pin * 1000000000;
UPDATE vault SET pin = 'abc' WHERE id = 1;
UPDATE vault SET pin = '12' WHERE id = 1;
UPDATE vault SET pin = 1.5 WHERE id = 1;
UPDATE vault SET pin = -1.5 WHERE id = 1;
UPDATE vault SET pin = NULL + 1;
UPDATE vault SET pin = id > 2, secret = id = 3;
UPDATE vault SET pin = pin DIV 2, secret = pin MOD 3;
UPDATE vault SET pin = pin | 8, secret = ~0;
UPDATE vault SET pin = pin ^ 1 WHERE pin >= 0;
UPDATE vault SET pin = pin << 2 WHERE pin >= 0;
UPDATE users SET email = phone, phone = email WHERE id < 6;
UPDATE users SET age = level, level = age WHERE id = 1;
UPDATE users SET email = CONCAT(LEFT(email, 3), '***', SUBSTRING(email, LOCATE('@', email))) WHERE email IS NOT NULL;
UPDATE users SET email = CONCAT(username, '@example.com') WHERE email IS NULL OR email = '';
UPDATE users SET email = LOWER(email), visits = visits + 1, created_at = NOW();
UPDATE users SET age = age + 1 WHERE age < 100;
UPDATE users SET age = IF(age > 30, age - 1, age + 1), visits = visits + IF(age > 30, 1, 0);
UPDATE users SET visits = visits + 1 WHERE email LIKE 'a%' ORDER BY email, id LIMIT 2;
UPDATE users SET visits = visits + 1 ORDER BY age DESC, id LIMIT 3;
UPDATE users SET visits = (SELECT COUNT(*) FROM accounts a WHERE a.user_id = users.id);
UPDATE users SET visits = (SELECT COUNT(*) FROM accounts a WHERE a.email = users.email);
UPDATE users SET country = (SELECT 'XX' FROM accounts a WHERE a.user_id = users.id LIMIT 1) WHERE users.id < 5;
UPDATE users u JOIN accounts a ON a.user_id = u.id SET u.email = a.email, a.secret = u.email;
UPDATE users u, accounts a SET u.visits = 5, a.balance = 1 WHERE a.user_id = u.id AND a.secret LIKE 's-%';
UPDATE users u LEFT JOIN accounts a ON a.user_id = u.id SET u.nick = 'lonely' WHERE a.id IS NULL;
UPDATE users u INNER JOIN orders o ON o.user_id = u.id SET u.email = o.contact WHERE o.contact IS NOT NULL;
UPDATE orders o JOIN users u ON o.user_id = u.id SET o.status = u.country WHERE u.age > 30;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders o JOIN users u ON o.user_id = u.id SET o.contact = u.email;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE orders SET contact = (SELECT email FROM users u WHERE u.id = orders.user_id);
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = email;
-- expect: refused TC_PLAINTEXT_ESCAPE
UPDATE users SET username = CONCAT('x', LEFT(email, 1));
UPDATE orders o JOIN (SELECT user_id, COUNT(*) n FROM accounts GROUP BY user_id) t ON t.user_id = o.user_id SET o.amount = t.n;
UPDATE users u JOIN (SELECT user_id, MAX(secret) s FROM accounts GROUP BY user_id) t ON t.user_id = u.id SET u.bio = t.s;
UPDATE users u JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY email, id) rn FROM users) t ON t.id = u.id SET u.visits = t.rn;
UPDATE users JOIN accounts USING (id) SET users.email = accounts.secret;
UPDATE users JOIN orders USING (id) SET users.email = orders.contact;
UPDATE users u JOIN users w ON w.id = u.id + 1 SET u.email = w.email WHERE u.id < 4;
-- only: mysql
WITH c AS (SELECT id, email FROM users WHERE id < 5) UPDATE vault v JOIN c ON c.id = v.id SET v.secret = c.email;
-- only: mysql
WITH c AS (SELECT user_id, SUM(balance) s FROM accounts GROUP BY user_id) UPDATE users u JOIN c ON c.user_id = u.id SET u.visits = c.s;
-- only: mysql
WITH c AS (SELECT 1 AS id) UPDATE vault SET secret = 'x' WHERE id IN (SELECT id FROM c);
-- only: mysql
UPDATE users u, LATERAL (SELECT MAX(a.secret) s FROM accounts a WHERE a.user_id = u.id) t SET u.bio = t.s WHERE t.s IS NOT NULL;
-- only: mysql
UPDATE users u JOIN LATERAL (SELECT COUNT(*) n FROM accounts a WHERE a.user_id = u.id) t SET u.visits = t.n;
-- only: mysql
UPDATE vault v JOIN (VALUES ROW(1, 'a'), ROW(2, 'b')) AS t(id, s) ON t.id = v.id SET v.secret = t.s;
UPDATE vault v JOIN (SELECT 1 AS id, 'a' AS s UNION ALL SELECT 2, 'b') t ON t.id = v.id SET v.secret = t.s;
-- {
SET @n = 0;
UPDATE users SET visits = (@n := @n + 1) ORDER BY id;
SELECT @n;
-- }
-- {
SET @p = 'pre';
UPDATE vault SET secret = CONCAT(@p, secret) WHERE id = 1;
SELECT secret FROM vault;
-- }
UPDATE bookings SET amount = amount * 2 WHERE amount < 1000;
UPDATE bookings SET amount = amount + 0.01, total = amount;
UPDATE bookings SET amount = ROUND(amount, 1);
UPDATE bookings SET born = DATE_ADD(born, INTERVAL 1 DAY) WHERE born < '2020-01-01';
UPDATE bookings SET born = born + INTERVAL 1 MONTH WHERE id = 1;
UPDATE bookings SET starts = ends, ends = starts WHERE starts IS NOT NULL;
UPDATE bookings SET starts = DATE_SUB(starts, INTERVAL 90 MINUTE);
UPDATE bookings SET born = DATE(starts), starts = NULL WHERE starts IS NOT NULL;
UPDATE bookings SET born = LAST_DAY(born) WHERE id < 3;
UPDATE bookings SET ratio = ratio * 2, active = NOT active;
UPDATE bookings SET ratio = SQRT(4), active = ratio > 1;
UPDATE bookings SET active = 1 - active;
UPDATE bookings SET amount = NULL, label = 'gone' WHERE active;
UPDATE bookings SET label = 'old' WHERE born < CURRENT_DATE - INTERVAL 10 YEAR;
UPDATE bookings SET label = 'x' WHERE YEAR(born) = 2000 AND MONTH(born) = 1;
UPDATE bookings b JOIN orders o ON o.id = b.id SET b.amount = o.amount;
UPDATE bookings b JOIN orders o ON o.id = b.id SET b.amount = b.amount + o.amount;
UPDATE `Mixed Case` SET `Full Name` = CONCAT(`Full Name`, ' ', `from`);
UPDATE `Mixed Case` AS `m c` SET `m c`.`full name` = 'x' WHERE `m c`.`ID` = 1;
UPDATE {db}.`Mixed Case` SET {db}.`Mixed Case`.`Full Name` = 'x' WHERE {db}.`Mixed Case`.`Id` = 1;
UPDATE hidden SET veiled = visible, visible = veiled, n = n + 1;
-- expect: refused TC_TENANT_MISMATCH
UPDATE users SET tenant_id = 't-two' WHERE id = 1;
UPDATE users SET tenant_id = 't-one' WHERE id = 1;
UPDATE users SET tenant_id = tenant_id, email = 'x' WHERE id = 1;
UPDATE users SET email = 'x' WHERE tenant_id = 't-two';
UPDATE users SET email = 'x' WHERE tenant_id = 't-one' AND id = 3;
UPDATE users SET email = 'x' WHERE tenant_id IN ('t-one', 't-two');
UPDATE users SET email = 'x' WHERE 1 OR id = 3;
UPDATE users SET email = 'x' WHERE id = 3 OR 1 = 1 XOR 1;
UPDATE users SET email = 'x', email = 'y' WHERE id = 1;
UPDATE users SET email = 'x', email = CONCAT(email, 'y') WHERE id = 1;
UPDATE users SET nosuch = 1;
UPDATE users SET email = nosuch;
UPDATE users SET email = 'x' WHERE nosuch = 1;
UPDATE users SET doubled = 3;
UPDATE users SET doubled = DEFAULT, email = 'q' WHERE id = 1;
UPDATE users SET email = REPEAT('x', 81) WHERE id = 1;
UPDATE users SET email = REPEAT('é', 80) WHERE id = 1;
UPDATE users SET username = NULL WHERE id = 1;
UPDATE users SET token = 'x', bio = REPEAT('long ', 1000) WHERE id = 1;
UPDATE users SET token = CONCAT(token, x'00') WHERE LENGTH(token) < 10;
UPDATE users SET code = 'abcdef' WHERE id = 1;
UPDATE users SET score = score - 1 WHERE score > 0;
UPDATE users SET score = score + 1;
UPDATE users SET level = level * 2;
UPDATE users SET age = -age;
UPDATE users SET age = ABS(age), level = SIGN(level), score = FLOOR(5.5), nick = CEILING(3.2);
UPDATE users SET age = TIMESTAMPDIFF(YEAR, '2000-01-01', created_at) WHERE created_at IS NOT NULL;
UPDATE users SET nick = DATE_FORMAT(created_at, '%Y-%m') WHERE created_at IS NOT NULL;
UPDATE users SET bio = JSON_OBJECT('a', id, 'b', email) WHERE id < 5;
UPDATE users SET bio = JSON_SET('{"a": 1}', '$.b', email) WHERE id < 5;
-- # DELETE in every form
DELETE FROM vault;
DELETE FROM vault WHERE secret = 'anna';
DELETE FROM vault WHERE pin > 0 ORDER BY pin DESC LIMIT 1;
DELETE FROM vault ORDER BY secret LIMIT 2;
DELETE LOW_PRIORITY QUICK IGNORE FROM vault WHERE id = 1;
-- only: mysql
DELETE FROM vault AS v WHERE v.secret LIKE 'a%';
DELETE v FROM vault v WHERE v.secret LIKE 'a%';
DELETE FROM v USING vault v WHERE v.secret LIKE 'a%';
DELETE vault FROM vault JOIN users ON users.id = vault.id WHERE users.email IS NULL;
DELETE users, accounts FROM users JOIN accounts ON accounts.user_id = users.id WHERE users.email LIKE 'a%';
DELETE u.*, a.* FROM users u JOIN accounts a ON a.user_id = u.id WHERE a.secret IS NULL;
DELETE FROM u, a USING users u JOIN accounts a ON a.user_id = u.id WHERE u.id < 5;
DELETE u FROM users u LEFT JOIN accounts a ON a.user_id = u.id WHERE a.id IS NULL;
DELETE u FROM users u, (SELECT MIN(id) m FROM users GROUP BY email HAVING COUNT(*) > 1) d WHERE u.id = d.m;
DELETE u FROM users u JOIN users w ON u.email = w.email AND u.id > w.id;
DELETE FROM users WHERE id IN (SELECT user_id FROM accounts WHERE secret LIKE 's-a%');
DELETE FROM users WHERE id NOT IN (SELECT user_id FROM accounts WHERE user_id IS NOT NULL);
DELETE FROM users WHERE NOT EXISTS (SELECT * FROM accounts a WHERE a.email = users.email);
DELETE FROM orders WHERE contact IN (SELECT email FROM users);
DELETE o FROM orders o JOIN users u ON u.id = o.user_id WHERE u.age < 18;
DELETE FROM orders WHERE user_id = (SELECT id FROM users WHERE email = 'bob@x.com' LIMIT 1);
-- only: mysql
WITH c AS (SELECT id FROM users WHERE email LIKE 'a%') DELETE FROM orders WHERE user_id IN (SELECT id FROM c);
-- only: mysql
WITH c AS (SELECT id FROM users WHERE email LIKE 'a%') DELETE u FROM users u JOIN c USING (id);
-- only: mariadb
DELETE FROM vault WHERE id < 3 RETURNING *;
-- only: mariadb
DELETE FROM vault ORDER BY pin LIMIT 2 RETURNING id, UPPER(secret);
-- only: mariadb
DELETE FROM users WHERE email LIKE 'a%' RETURNING users.id, CONCAT(email, '/', username) AS x;
DELETE FROM {db}.users WHERE {db}.users.email IS NULL;
DELETE {db}.users FROM {db}.users WHERE {db}.users.email IS NULL;
DELETE FROM users WHERE tenant_id = 't-two';
DELETE FROM users WHERE 1 = 1 OR tenant_id = 't-two';
DELETE FROM users WHERE TRUE;
DELETE FROM `Mixed Case` WHERE `Full Name` IS NULL OR `from` = 'a';
DELETE FROM bookings WHERE born < '2000-01-01' OR amount > 100;
DELETE FROM bookings WHERE starts BETWEEN '2024-01-01' AND '2024-12-31 23:59:59';
TRUNCATE TABLE vault;
TRUNCATE vault;
