-- # Inner join
SELECT u.id, u.email, o.id, o.amount FROM users u JOIN orders o ON o.user_id = u.id ORDER BY u.id, o.id;
SELECT u.id, o.id FROM users u, orders o WHERE o.user_id = u.id ORDER BY u.id, o.id;
SELECT users.email, orders.amount FROM users INNER JOIN orders ON orders.user_id = users.id ORDER BY orders.id;
SELECT u.email, a.secret FROM users u JOIN accounts a ON a.user_id = u.id ORDER BY a.id;
SELECT u.id, a.id FROM users u JOIN accounts a ON a.phone = u.phone ORDER BY 1, 2;
SELECT u.id, a.id FROM users u JOIN accounts a ON a.email = u.email ORDER BY 1, 2;
SELECT u.id, o.id FROM users u JOIN orders o ON o.phone = u.phone ORDER BY 1, 2;
SELECT u.id, o.id FROM users u JOIN orders o ON o.contact = u.email ORDER BY 1, 2;
SELECT u.id, v.id FROM users u JOIN vault v ON v.pin = u.age ORDER BY 1, 2;
SELECT a.id, b.id FROM users a JOIN users b ON a.phone = b.phone AND a.id < b.id ORDER BY 1, 2;
SELECT a.id, b.id FROM users a JOIN users b ON a.age = b.age WHERE a.id < b.id ORDER BY 1, 2;
SELECT u.id, o.id, a.id FROM users u JOIN orders o ON o.user_id = u.id JOIN accounts a ON a.user_id = u.id ORDER BY 1, 2, 3;
SELECT u.id FROM users u CROSS JOIN vault v WHERE u.id = v.id ORDER BY 1;
SELECT * FROM users u JOIN vault v ON v.id = u.id WHERE u.id < 3 ORDER BY u.id;
SELECT u.*, o.amount FROM users u JOIN orders o ON o.user_id = u.id WHERE o.amount > 50 ORDER BY o.id;
SELECT o.*, u.email FROM orders o JOIN users u ON u.id = o.user_id AND u.phone = '111' ORDER BY o.id;
-- params: ["111"]
SELECT o.id, u.email FROM orders o JOIN users u ON u.id = o.user_id AND u.phone = ? ORDER BY o.id;
-- # Outer join
SELECT u.id, o.id, u.email FROM users u LEFT JOIN orders o ON o.user_id = u.id ORDER BY u.id, o.id;
SELECT o.id, u.id, u.email, u.age FROM orders o LEFT JOIN users u ON u.id = o.user_id ORDER BY o.id;
SELECT o.id, u.email FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.age > 20 ORDER BY o.id;
SELECT o.id FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.email IS NULL ORDER BY o.id;
SELECT o.id FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.phone <=> '111' ORDER BY o.id;
SELECT o.id, u.phone FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.phone = '111' ORDER BY o.id;
SELECT u.id, o.id FROM orders o RIGHT JOIN users u ON u.id = o.user_id ORDER BY 1, 2;
SELECT u.id, a.id, v.id FROM users u LEFT JOIN accounts a ON a.user_id = u.id LEFT JOIN vault v ON v.pin = a.pin ORDER BY 1, 2, 3;
SELECT u.id, a.secret FROM users u LEFT JOIN (accounts a JOIN vault v ON v.id = a.id) ON a.user_id = u.id ORDER BY 1, 2;
SELECT u.id, COALESCE(a.secret, u.email, '-') FROM users u LEFT OUTER JOIN accounts a ON a.user_id = u.id ORDER BY 1, 2;
SELECT o.id, u.email = 'anna@x.com', u.age IS NULL FROM orders o LEFT JOIN users u ON u.id = o.user_id ORDER BY o.id;
-- # USING and NATURAL
SELECT id, email, secret FROM users JOIN vault USING (id) ORDER BY id;
SELECT * FROM users JOIN vault USING (id) ORDER BY id;
SELECT * FROM accounts NATURAL JOIN vault ORDER BY id;
SELECT id, phone FROM users JOIN orders USING (phone) WHERE users.id < 5 ORDER BY users.id, orders.id;
SELECT u.id, a.id, phone FROM users u JOIN accounts a USING (phone) ORDER BY u.id, a.id;
SELECT phone, u.id, a.id FROM users u LEFT JOIN accounts a USING (phone) ORDER BY u.id, a.id;
SELECT phone, u.id, a.id FROM users u RIGHT JOIN accounts a USING (phone) ORDER BY u.id, a.id;
SELECT COUNT(*) FROM users NATURAL JOIN accounts;
SELECT COUNT(*) FROM users NATURAL LEFT JOIN accounts;
SELECT id FROM vault NATURAL LEFT JOIN notes ORDER BY id;
-- # Names in joins
SELECT {db}.users.email, {db}.orders.id FROM {db}.users JOIN {db}.orders ON {db}.orders.user_id = {db}.users.id ORDER BY 2;
SELECT users.email FROM {db}.users LEFT JOIN orders ON {db}.orders.user_id = users.id WHERE {db}.users.id = 1;
SELECT orders.email FROM users AS orders WHERE orders.id = 1;
SELECT users.amount, orders.email FROM users AS orders JOIN orders AS users ON users.user_id = orders.id ORDER BY users.id;
SELECT email FROM users JOIN accounts ON accounts.user_id = users.id;
SELECT nothing FROM users JOIN orders ON orders.user_id = users.id;
SELECT u.encrypted_email FROM users u;
SELECT encrypted_email FROM users WHERE id = 1;
SELECT users.id FROM users u;
SELECT u.id FROM users u JOIN users u ON 1 = 1;
SELECT U.ID, U.EMAIL FROM users U WHERE U.Id = 2;
SELECT u.ID, u.Email FROM users u WHERE u.eMaIl LIKE 'b%' ORDER BY u.iD;
SELECT x.`email` FROM `users` AS `x` WHERE `x`.`id` = 2;
SELECT "id" FROM users WHERE id = 1;
SELECT `Full Name`, `Id` FROM `Mixed Case` ORDER BY `Id`;
SELECT m.`full name`, m.id FROM `Mixed Case` m ORDER BY m.`ID`;
SELECT `Mixed Case`.`Full Name`, `Mixed Case`.`from` FROM `Mixed Case` WHERE `Mixed Case`.`Full Name` IS NOT NULL ORDER BY 1;
SELECT * FROM `Mixed Case` ORDER BY Id;
SELECT {db}.`Mixed Case`.`Full Name` FROM {db}.`Mixed Case` ORDER BY 1;
SELECT * FROM hidden ORDER BY id;
SELECT id, veiled, n FROM hidden ORDER BY id;
SELECT h.veiled, h.visible FROM hidden h WHERE h.veiled = 's2';
SELECT *, veiled FROM hidden ORDER BY id;
-- # Derived tables
SELECT d.email FROM (SELECT id, email FROM users WHERE age > 20) d ORDER BY d.id;
SELECT * FROM (SELECT * FROM users) AS u WHERE u.id = 2;
SELECT users.email FROM (SELECT * FROM users WHERE id < 5) AS users ORDER BY users.id;
SELECT d.n, d.phone FROM (SELECT phone, COUNT(*) AS n FROM users GROUP BY phone) d ORDER BY 1, 2;
SELECT d.e FROM (SELECT DISTINCT email e FROM users) d ORDER BY d.e;
SELECT a.email, b.email FROM (SELECT * FROM users WHERE id < 4) a JOIN (SELECT * FROM users WHERE id > 3) b ON a.country = b.country ORDER BY a.id, b.id;
SELECT * FROM (SELECT id, email FROM users ORDER BY email, id LIMIT 5) t ORDER BY id;
SELECT x.a FROM (SELECT email AS a, id AS b FROM users) x (c, d);
SELECT x.c FROM (SELECT email, id FROM users WHERE id < 4) x (c, d) ORDER BY x.d;
-- only: mysql
SELECT u.id, l.n FROM users u, LATERAL (SELECT COUNT(*) n FROM orders o WHERE o.user_id = u.id) l ORDER BY u.id;
-- only: mysql
SELECT u.id, l.secret FROM users u LEFT JOIN LATERAL (SELECT a.secret FROM accounts a WHERE a.user_id = u.id ORDER BY a.id LIMIT 1) l ON TRUE ORDER BY u.id;
-- only: mysql
SELECT o.id, l.email FROM orders o JOIN LATERAL (SELECT email FROM users u WHERE u.phone = o.phone ORDER BY u.id LIMIT 1) l ORDER BY o.id;
SELECT j.id, u.email FROM JSON_TABLE('[1,2,3]', '$[*]' COLUMNS (id INT PATH '$')) j JOIN users u ON u.id = j.id ORDER BY 1;
SELECT u.id, j.v FROM users u, JSON_TABLE(JSON_ARRAY(u.email, u.age), '$[*]' COLUMNS (v VARCHAR(80) PATH '$')) j WHERE u.id < 4 ORDER BY 1, 2;
-- # Index hints and partitions
SELECT id FROM users USE INDEX (by_id) WHERE id = 3;
SELECT id FROM users FORCE INDEX (PRIMARY) WHERE id = 3;
SELECT id FROM users IGNORE INDEX (by_id, by_name) WHERE id = 3;
SELECT u.id FROM users u FORCE INDEX FOR ORDER BY (by_id) ORDER BY u.id;
SELECT id FROM users USE INDEX () WHERE id = 3;
SELECT id FROM users USE INDEX (no_such_index) WHERE id = 3;
SELECT id FROM users FORCE INDEX (by_phone) WHERE phone = '111' ORDER BY id;
SELECT /*+ NO_MERGE(u) */ u.id, u.email FROM users u WHERE u.id = 1;
SELECT /*+ BKA(u) */ u.id FROM users u JOIN orders o ON o.user_id = u.id ORDER BY 1;
SELECT id FROM users PARTITION (p0) WHERE id = 1;
