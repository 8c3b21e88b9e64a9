-- # EXISTS and IN
SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id) ORDER BY id;
SELECT id FROM orders o WHERE NOT EXISTS (SELECT * FROM users u WHERE u.id = o.user_id) ORDER BY id;
SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM users u WHERE u.phone = o.phone AND u.age > 10) ORDER BY id;
SELECT id FROM orders WHERE user_id IN (SELECT id FROM users WHERE email LIKE '%x.com') ORDER BY id;
SELECT id FROM orders WHERE user_id NOT IN (SELECT id FROM users WHERE email IS NOT NULL) ORDER BY id;
SELECT id FROM orders WHERE contact IN (SELECT email FROM users) ORDER BY id;
SELECT id FROM users WHERE email IN (SELECT contact FROM orders WHERE contact IS NOT NULL) ORDER BY id;
SELECT id FROM users WHERE phone IN (SELECT phone FROM accounts) ORDER BY id;
SELECT id FROM users WHERE phone NOT IN (SELECT phone FROM accounts WHERE phone IS NOT NULL) ORDER BY id;
SELECT id FROM users WHERE (phone, id) IN (SELECT phone, user_id FROM accounts) ORDER BY id;
SELECT id FROM users WHERE id IN (SELECT user_id FROM accounts WHERE secret LIKE 's-%' GROUP BY user_id HAVING COUNT(*) >= 1) ORDER BY id;
-- # ALL, ANY, SOME
SELECT id FROM users WHERE age > ALL (SELECT pin FROM vault WHERE pin IS NOT NULL) ORDER BY id;
SELECT id FROM users WHERE age = ANY (SELECT pin FROM vault) ORDER BY id;
SELECT id FROM users WHERE age <> ALL (SELECT pin FROM vault WHERE pin IS NOT NULL) ORDER BY id;
SELECT id FROM users WHERE phone < SOME (SELECT phone FROM accounts) ORDER BY id;
SELECT id FROM orders WHERE phone >= ALL (SELECT phone FROM users WHERE phone IS NOT NULL) ORDER BY id;
-- # Scalar subqueries
SELECT id, (SELECT email FROM users u WHERE u.id = o.user_id) AS email FROM orders o ORDER BY id;
SELECT (SELECT COUNT(*) FROM users), (SELECT MAX(age) FROM users), (SELECT MIN(secret) FROM vault);
SELECT id, (SELECT COUNT(*) FROM accounts a WHERE a.user_id = u.id) n FROM users u ORDER BY n DESC, id;
SELECT id FROM users WHERE age = (SELECT MAX(age) FROM users);
SELECT id FROM users WHERE email = (SELECT email FROM users WHERE id = 2) ORDER BY id;
SELECT id FROM users WHERE phone = (SELECT phone FROM accounts WHERE id = 1) ORDER BY id;
SELECT id FROM users WHERE (age, phone) = (SELECT age, phone FROM users WHERE id = 4) ORDER BY id;
SELECT (SELECT email FROM users) FROM vault;
SELECT id, (SELECT email) AS same FROM users WHERE id < 4 ORDER BY id;
SELECT (SELECT u.email FROM accounts LIMIT 1) FROM users u ORDER BY u.id;
SELECT id FROM users u WHERE age > (SELECT AVG(age) FROM users v WHERE v.country = u.country) ORDER BY id;
SELECT id FROM users u WHERE (SELECT COUNT(*) FROM users v WHERE v.age < u.age) < 3 ORDER BY id;
SELECT DISTINCT country FROM users u WHERE EXISTS (SELECT 1 FROM users v WHERE v.country = u.country AND v.email > u.email) ORDER BY 1;
SELECT id FROM users WHERE id = (SELECT user_id FROM accounts WHERE secret = 's-anna' LIMIT 1);
SELECT u.id FROM users u WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.user_id = u.id AND EXISTS (SELECT 1 FROM orders o WHERE o.user_id = a.user_id AND u.age IS NOT NULL)) ORDER BY 1;
-- expect: refused TC_UNSUPPORTED_SQL
DO (SELECT COUNT(*) FROM users);
SELECT 1 WHERE EXISTS (SELECT * FROM users WHERE phone = '111');
SELECT IF((SELECT COUNT(*) FROM users WHERE phone = '111') > 1, 'many', 'few');
-- # UNION, INTERSECT, EXCEPT
SELECT email FROM users UNION SELECT email FROM accounts;
SELECT email FROM users UNION ALL SELECT email FROM accounts;
SELECT phone FROM users UNION DISTINCT SELECT phone FROM orders;
SELECT phone FROM users INTERSECT SELECT phone FROM accounts;
SELECT phone FROM users EXCEPT SELECT phone FROM accounts;
SELECT id, email FROM users WHERE id < 3 UNION SELECT id, contact FROM orders WHERE id < 3 ORDER BY 1, 2;
(SELECT id, email FROM users ORDER BY id LIMIT 2) UNION ALL (SELECT id, secret FROM vault ORDER BY id DESC LIMIT 2) ORDER BY id, email;
SELECT age FROM users UNION SELECT pin FROM vault ORDER BY age;
SELECT id, age FROM users UNION ALL SELECT 0, 'text' ORDER BY 1, 2;
SELECT email, age FROM users WHERE id = 1 UNION SELECT phone, level FROM users WHERE id = 2;
SELECT email FROM users UNION SELECT 1 UNION SELECT NULL;
SELECT 'a' AS email UNION SELECT email FROM users ORDER BY email LIMIT 5;
(SELECT phone FROM users) INTERSECT (SELECT phone FROM accounts) UNION (SELECT phone FROM orders);
SELECT * FROM users WHERE id = 1 UNION SELECT * FROM users WHERE id = 2;
SELECT email FROM users UNION SELECT id, email FROM accounts;
-- expect: mariadb refused TC_UNSUPPORTED_SQL
TABLE vault;
-- expect: mariadb refused TC_UNSUPPORTED_SQL
TABLE users ORDER BY id LIMIT 3;
-- expect: mariadb refused TC_UNSUPPORTED_SQL
TABLE vault UNION TABLE vault ORDER BY id;
-- only: mysql
VALUES ROW(1, 'a'), ROW(2, 'b') UNION SELECT id, secret FROM vault WHERE id = 1;
-- # Common table expressions
WITH x AS (SELECT id, email FROM users WHERE age > 20) SELECT * FROM x ORDER BY id;
WITH x (a, b) AS (SELECT id, email FROM users) SELECT a FROM x WHERE b LIKE 'a%' ORDER BY a;
WITH x AS (SELECT * FROM users), y AS (SELECT id, email FROM x WHERE phone = '111') SELECT y.email FROM y ORDER BY y.id;
WITH users AS (SELECT id, contact AS email FROM orders) SELECT id, email FROM users ORDER BY id;
WITH users AS (SELECT * FROM users WHERE id < 3) SELECT email FROM users ORDER BY id;
WITH u AS (SELECT * FROM users) SELECT a.id, b.id FROM u a JOIN u b ON a.phone = b.phone AND a.id < b.id ORDER BY 1, 2;
WITH x AS (SELECT 1 AS n) SELECT x.n, u.email FROM x JOIN users u ON u.id = x.n;
SELECT * FROM (WITH x AS (SELECT email FROM users WHERE id = 1) SELECT * FROM x) d;
SELECT id FROM users WHERE id IN (WITH x AS (SELECT user_id FROM accounts WHERE secret IS NOT NULL) SELECT user_id FROM x) ORDER BY id;
WITH x AS (SELECT email FROM users), y AS (SELECT email FROM accounts) SELECT * FROM x UNION SELECT * FROM y;
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT n.i, u.email FROM n LEFT JOIN users u ON u.id = n.i ORDER BY n.i;
WITH RECURSIVE c AS (SELECT id, age, 0 AS depth FROM users WHERE id = 1 UNION ALL SELECT u.id, u.age, c.depth + 1 FROM users u JOIN c ON u.id = c.id + 1 WHERE c.depth < 4) SELECT * FROM c ORDER BY depth;
WITH RECURSIVE c AS (SELECT id, email FROM users WHERE id = 1 UNION SELECT u.id, u.email FROM users u JOIN c ON u.id = c.id + 1) SELECT * FROM c ORDER BY id;
WITH RECURSIVE p AS (SELECT phone FROM users WHERE id = 1 UNION SELECT a.phone FROM accounts a JOIN p ON a.phone <> p.phone) SELECT phone FROM p ORDER BY phone;
WITH accounts AS (SELECT 1 id, 2 user_id) SELECT u.email, a.user_id FROM users u JOIN accounts a ON a.id = u.id;
WITH x AS (SELECT id FROM {db}.users WHERE email IS NULL) SELECT COUNT(*) FROM x;
-- # Searched subqueries beside a window
SELECT t1.id, COUNT(t1.label) OVER (ORDER BY t1.id) FROM vault t1 WHERE NOT EXISTS (SELECT 1 FROM users t2 WHERE t2.email = t1.label AND t2.email = 'anna') ORDER BY t1.id;
SELECT t1.id, COUNT(t1.label) OVER (ORDER BY t1.id) FROM vault t1 WHERE t1.label NOT IN (SELECT t2.email FROM users t2 WHERE t2.email = 'anna') ORDER BY t1.id;
SELECT o.id, SUM(o.id) OVER (PARTITION BY o.user_id ORDER BY o.id) FROM orders o WHERE o.id NOT IN (SELECT u.id FROM users u WHERE u.id < 5) ORDER BY o.id;
