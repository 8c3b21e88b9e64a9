-- # EXPLAIN
EXPLAIN SELECT * FROM users WHERE id = 1;
EXPLAIN SELECT email FROM users WHERE phone = '111';
EXPLAIN SELECT id, email FROM users WHERE email LIKE 'a%' ORDER BY id;
EXPLAIN SELECT u.id, a.id FROM users u JOIN accounts a ON a.user_id = u.id;
EXPLAIN SELECT u.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.id < 5;
EXPLAIN SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING COUNT(*) > 1;
EXPLAIN SELECT email FROM users UNION SELECT email FROM accounts;
EXPLAIN WITH c AS (SELECT id FROM users) SELECT * FROM c;
EXPLAIN FORMAT=JSON SELECT email FROM users WHERE id = 1;
EXPLAIN EXTENDED SELECT email FROM users WHERE id = 1;
EXPLAIN PARTITIONS SELECT email FROM users WHERE id = 1;
-- only: mysql
EXPLAIN FORMAT=TREE SELECT email FROM users WHERE id = 1;
-- only: mysql
EXPLAIN ANALYZE SELECT email FROM users WHERE id = 1;
-- only: mysql
EXPLAIN FORMAT=TRADITIONAL SELECT email FROM users WHERE id = 1;
-- only: mariadb
ANALYZE SELECT email FROM users WHERE id = 1;
-- only: mariadb
ANALYZE FORMAT=JSON SELECT email FROM users WHERE id = 1;
EXPLAIN INSERT INTO users (username, email) VALUES ('n1', 'x');
EXPLAIN UPDATE users SET email = 'x' WHERE id = 1;
EXPLAIN UPDATE users SET email = 'x' WHERE phone = '111';
EXPLAIN DELETE FROM users WHERE id = 1;
EXPLAIN DELETE FROM users WHERE phone = '111';
EXPLAIN REPLACE INTO vault (id, secret) VALUES (1, 'x');
EXPLAIN SELECT nothing FROM users;
DESCRIBE SELECT email FROM users WHERE id = 1;
DESC SELECT email FROM users WHERE id = 1;
EXPLAIN UPDATE users u JOIN orders o ON o.user_id = u.id SET u.email = 'x';
EXPLAIN INSERT INTO vault (secret) SELECT email FROM users;
-- params: ["111"]
EXPLAIN SELECT id FROM users WHERE phone = ?;
