-- # TABLE and VALUES
-- only: mysql
TABLE vault;
-- only: mysql
TABLE vault ORDER BY secret LIMIT 2;
-- only: mysql
SELECT id FROM vault UNION (TABLE vault) ;
-- only: mysql
INSERT INTO vault TABLE vault ON DUPLICATE KEY UPDATE secret = 'twice';
-- only: mysql
VALUES ROW(1, 'a'), ROW(2, 'b') ORDER BY column_0 DESC;
-- only: mysql
INSERT INTO users (username, email) VALUES ROW('n1', 'a@x'), ROW('n2', 'b@x');
-- only: mysql
SELECT u.email, v.column_1 FROM users u JOIN (VALUES ROW(1, 'one'), ROW(2, 'two')) v ON v.column_0 = u.id ORDER BY 1;
-- only: mariadb
VALUES (1, 'a'), (2, 'b');
-- only: mariadb
SELECT id, email FROM users WHERE (id, 1) IN (VALUES (1, 1), (2, 1)) ORDER BY id;
-- # Set operations
(SELECT email FROM users WHERE id < 8) INTERSECT (SELECT email FROM accounts);
SELECT email FROM users INTERSECT ALL SELECT email FROM accounts ORDER BY 1;
SELECT email FROM users EXCEPT SELECT email FROM accounts ORDER BY 1;
SELECT phone FROM users EXCEPT ALL SELECT phone FROM accounts ORDER BY 1;
SELECT email FROM users WHERE id < 5 UNION SELECT secret FROM accounts UNION ALL SELECT text FROM notes ORDER BY 1 LIMIT 9;
SELECT phone, COUNT(*) FROM (SELECT phone FROM users UNION ALL SELECT phone FROM accounts) a GROUP BY phone ORDER BY phone;
SELECT 1 WHERE EXISTS (SELECT email FROM users EXCEPT SELECT email FROM accounts);
-- # LATERAL
-- only: mysql
SELECT u.id, l.secret FROM users u, LATERAL (SELECT a.secret FROM accounts a WHERE a.user_id = u.id ORDER BY a.id LIMIT 1) l ORDER BY u.id;
-- only: mysql
SELECT u.id, l.m FROM users u LEFT JOIN LATERAL (SELECT MAX(o.amount) m FROM orders o WHERE o.contact = u.email) l ON TRUE ORDER BY u.id;
-- only: mysql
SELECT u.id, l.e FROM users u JOIN LATERAL (SELECT CONCAT(u.email, '!') e) l ORDER BY u.id;
-- # NATURAL and USING over protected columns
SELECT phone, users.id, accounts.id FROM users JOIN accounts USING (phone) ORDER BY 1, 2, 3;
SELECT email, phone, u.id FROM users u LEFT JOIN accounts a USING (email, phone) ORDER BY u.id, a.id;
SELECT * FROM (SELECT email, phone FROM users) u NATURAL JOIN (SELECT email, secret FROM accounts) a ORDER BY 1, 2, 3;
SELECT COUNT(*) FROM users NATURAL JOIN accounts;
SELECT phone, COUNT(*) FROM orders o JOIN users u USING (phone) GROUP BY phone ORDER BY phone;
-- # Three-part names
SELECT {db}.users.email FROM {db}.users WHERE {db}.users.id = 1;
SELECT {db}.users.* FROM {db}.users JOIN {db}.orders ON {db}.orders.user_id = {db}.users.id ORDER BY {db}.users.id, {db}.orders.id;
UPDATE {db}.users SET {db}.users.email = CONCAT({db}.users.email, '!') WHERE {db}.users.id = 1;
DELETE FROM {db}.users WHERE {db}.users.email = 'anna@x.com';
INSERT INTO {db}.users ({db}.users.username, {db}.users.email) VALUES ('n1', 'x');
SELECT u.email FROM {db}.users u WHERE EXISTS (SELECT 1 FROM {db}.accounts WHERE {db}.accounts.user_id = u.id) ORDER BY u.id;
-- # Periods of time, PROCEDURE, MATCH, HANDLER
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
SELECT email FROM users FOR SYSTEM_TIME ALL;
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
SELECT email FROM users FOR SYSTEM_TIME AS OF NOW();
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users FOR PORTION OF p FROM '2025-01-01' TO '2025-02-01' SET email = 'x';
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
DELETE FROM users FOR PORTION OF p FROM '2025-01-01' TO '2025-02-01';
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
SELECT email FROM users PROCEDURE ANALYSE();
-- expect: refused TC_UNSUPPORTED_SQL
SELECT MATCH (email) AGAINST ('x') FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT id FROM users WHERE MATCH (username, email) AGAINST ('x' IN BOOLEAN MODE);
-- expect: refused TC_UNSUPPORTED_SQL
HANDLER users READ FIRST;
-- expect: refused TC_UNSUPPORTED_SQL
HANDLER {db}.users OPEN AS h;
-- expect: refused TC_UNSUPPORTED_SQL
DO (SELECT email FROM users LIMIT 1);
-- expect: refused TC_UNSUPPORTED_SQL
LOAD XML INFILE '/nowhere' INTO TABLE users;
