-- # Aggregates
SELECT COUNT(*), COUNT(email), COUNT(DISTINCT email), COUNT(DISTINCT phone), COUNT(DISTINCT age, phone) FROM users;
SELECT MIN(age), MAX(age), SUM(age), AVG(age), STD(level), VARIANCE(level) FROM users;
SELECT MIN(email), MAX(nick), MIN(phone), MAX(code) FROM users WHERE id < 4;
SELECT MIN(score), MAX(score), SUM(level), BIT_OR(age), BIT_AND(level), BIT_XOR(age) FROM users;
SELECT MIN(token), MAX(token) FROM users;
SELECT COUNT(*) FROM users WHERE email LIKE '%x.com';
SELECT COUNT(*) FROM users WHERE phone = '111';
SELECT SUM(age > 30), AVG(LENGTH(email)), MAX(CONCAT(phone, nick)) FROM users;
SELECT ANY_VALUE(email) IS NULL FROM users WHERE id = 3;
SELECT COUNT(*) FROM users, vault;
SELECT GROUP_CONCAT(id ORDER BY id) FROM users;
SELECT GROUP_CONCAT(email ORDER BY id SEPARATOR '; ') FROM users;
SELECT GROUP_CONCAT(DISTINCT phone ORDER BY phone DESC) FROM users;
SELECT GROUP_CONCAT(age, ':', phone ORDER BY id SEPARATOR '') FROM users WHERE id < 9;
SELECT country, GROUP_CONCAT(nick ORDER BY nick, id) FROM users GROUP BY country ORDER BY country;
-- # GROUP BY
SELECT phone, COUNT(*) FROM users GROUP BY phone ORDER BY phone;
SELECT age, COUNT(*) FROM users GROUP BY age ORDER BY age;
SELECT phone p, COUNT(*) n FROM users GROUP BY p ORDER BY n DESC, p;
SELECT phone, COUNT(*) FROM users GROUP BY 1 ORDER BY 2, 1;
SELECT country, MAX(age), MIN(phone) FROM users GROUP BY country ORDER BY country;
SELECT UPPER(country), SUM(level) FROM users GROUP BY UPPER(country) ORDER BY 1;
SELECT LEFT(phone, 1), COUNT(*) FROM users GROUP BY LEFT(phone, 1) ORDER BY 1;
SELECT age DIV 10, COUNT(*) FROM users GROUP BY age DIV 10 ORDER BY 1;
SELECT age, phone, COUNT(*) FROM users GROUP BY age, phone ORDER BY age, phone;
SELECT token, COUNT(*) FROM users GROUP BY token ORDER BY token;
SELECT COUNT(*) FROM users GROUP BY email ORDER BY 1;
SELECT id, email, COUNT(*) FROM users GROUP BY id, email ORDER BY id;
SELECT u.id, u.email, COUNT(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.tenant_id, u.id ORDER BY u.id;
SELECT email, COUNT(*) FROM users GROUP BY phone;
-- expect: mysql differs kind: the constant tenant makes (tenant_id, id) a key of the group
SELECT email FROM users GROUP BY id ORDER BY id;
SELECT DISTINCT phone FROM users ORDER BY phone;
SELECT DISTINCT age, phone FROM users ORDER BY age, phone;
SELECT DISTINCT token FROM users;
SELECT DISTINCT country, age IS NULL FROM users ORDER BY 1, 2;
SELECT COUNT(DISTINCT nick), COUNT(DISTINCT code), COUNT(DISTINCT token) FROM users;
-- # HAVING
SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING COUNT(*) > 2 ORDER BY phone;
SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING phone > '2' ORDER BY phone;
SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING COUNT(*) > 0 AND phone > '1' ORDER BY phone;
SELECT phone, COUNT(*) AS n FROM users GROUP BY phone HAVING n > 1 AND phone = '111';
SELECT age, COUNT(*) FROM users GROUP BY age HAVING age > 20 ORDER BY age;
SELECT email, COUNT(*) FROM users GROUP BY email HAVING COUNT(*) > 0 AND email > 'b' ORDER BY email, COUNT(*);
SELECT id, email FROM users HAVING email LIKE 'a%' ORDER BY id;
SELECT id, age FROM users HAVING age > 30 ORDER BY id;
SELECT id, age a FROM users HAVING a > 30 ORDER BY id;
SELECT COUNT(*) FROM users HAVING MAX(age) > 10;
SELECT phone, MAX(age) FROM users GROUP BY phone HAVING MAX(age) > (SELECT AVG(age) FROM users) ORDER BY phone;
SELECT phone FROM users u GROUP BY phone HAVING EXISTS (SELECT 1 FROM accounts a WHERE a.phone = u.phone) ORDER BY phone;
SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING phone IN (SELECT phone FROM accounts) ORDER BY phone;
-- # ROLLUP
SELECT phone, COUNT(*) FROM users GROUP BY phone WITH ROLLUP;
SELECT age, phone, COUNT(*) FROM users GROUP BY age, phone WITH ROLLUP;
SELECT country, age, SUM(level) FROM users GROUP BY country, age WITH ROLLUP;
SELECT phone, COUNT(*) FROM users GROUP BY phone WITH ROLLUP HAVING phone IS NULL;
SELECT phone, COUNT(*) FROM users GROUP BY phone WITH ROLLUP HAVING COUNT(*) > 3;
-- only: mysql
SELECT phone, GROUPING(phone), COUNT(*) FROM users GROUP BY phone WITH ROLLUP;
-- only: mysql
SELECT IF(GROUPING(age), 'all', age) g, COUNT(*) FROM users GROUP BY age WITH ROLLUP ORDER BY GROUPING(age), age;
-- # Window functions
SELECT id, ROW_NUMBER() OVER (ORDER BY age, id) FROM users ORDER BY id;
SELECT id, RANK() OVER (ORDER BY age), DENSE_RANK() OVER (ORDER BY age), NTILE(3) OVER (ORDER BY id) FROM users ORDER BY id;
SELECT id, COUNT(*) OVER (PARTITION BY phone) FROM users ORDER BY id;
SELECT id, SUM(age) OVER (PARTITION BY country ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM users ORDER BY id;
SELECT id, LAG(email) OVER (ORDER BY id), LEAD(phone, 2, 'none') OVER (ORDER BY id) FROM users ORDER BY id;
SELECT id, FIRST_VALUE(email) OVER w, LAST_VALUE(nick) OVER w FROM users WINDOW w AS (PARTITION BY country ORDER BY id) ORDER BY id;
SELECT id, NTH_VALUE(email, 2) OVER (ORDER BY id) FROM users ORDER BY id;
SELECT id, MAX(age) OVER (ORDER BY id RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM users ORDER BY id;
SELECT id, age - AVG(age) OVER () FROM users ORDER BY id;
SELECT * FROM (SELECT id, phone, ROW_NUMBER() OVER (PARTITION BY phone ORDER BY id) rn FROM users) t WHERE rn = 1 ORDER BY id;
SELECT phone, COUNT(*), SUM(COUNT(*)) OVER (ORDER BY phone) FROM users GROUP BY phone ORDER BY phone;
SELECT id, PERCENT_RANK() OVER (ORDER BY age), CUME_DIST() OVER (ORDER BY age) FROM users ORDER BY id;
