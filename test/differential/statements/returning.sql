-- # RETURNING
-- only: mariadb
INSERT INTO users (username, email) VALUES ('n1', 'r@x.com'), ('n2', NULL) RETURNING id, username, email;
-- only: mariadb
INSERT INTO users (username, email, age, token) VALUES ('n1', 'r@x.com', 7, 'tok') RETURNING *;
-- only: mariadb
INSERT INTO users SET username = 'n1', nick = 'Nick' RETURNING users.nick, `EMAIL`, users.username AS u;
-- only: mariadb
INSERT INTO {db}.users (username, email) VALUES ('n1', 'r@x.com') RETURNING users.*;
-- only: mariadb
INSERT INTO users (username, email) VALUES ('n1', 'r@x.com') RETURNING CONCAT(username, '/', email) AS c, email = 'R@X.COM', LENGTH(email);
-- only: mariadb
INSERT INTO users (username, age) VALUES ('n1', 30) RETURNING age + 1, age BETWEEN 1 AND 40;
-- only: mariadb
INSERT INTO accounts (id, email) SELECT id + 500, contact FROM orders WHERE id < 5 RETURNING id, email;
-- only: mariadb
INSERT INTO users (id, username, email) VALUES (1, 'user1', 'x@y') ON DUPLICATE KEY UPDATE email = CONCAT(VALUES(email), '!') RETURNING id, email, visits;
-- only: mariadb
INSERT IGNORE INTO users (id, username, email) VALUES (1, 'user1', 'x'), (600, 'n1', 'y') RETURNING id, email;
-- only: mariadb
REPLACE INTO users (id, username, email) VALUES (1, 'user1', 'again') RETURNING id, email, phone;
-- only: mariadb
REPLACE INTO accounts SET id = 2, secret = 's' RETURNING *;
-- only: mariadb
DELETE FROM users WHERE id < 6 ORDER BY id LIMIT 3 RETURNING id, email, age;
-- only: mariadb
DELETE FROM users WHERE phone = '111' RETURNING *;
-- only: mariadb
DELETE FROM vault RETURNING vault.*, secret;
-- only: mariadb
DELETE FROM users WHERE id = 1 RETURNING (SELECT COUNT(*) FROM orders WHERE orders.user_id = users.id) AS n, email;
-- only: mariadb
DELETE FROM users WHERE id = 1 RETURNING nothing;
-- only: mariadb
DELETE FROM users WHERE id = 1 RETURNING id IN (SELECT user_id FROM orders);
-- only: mariadb
-- expect: refused TC_UNSUPPORTED_SQL
DELETE FROM users WHERE id = 1 RETURNING (SELECT MAX(email) FROM accounts);
-- only: mariadb
-- params: ["n1", "r@x.com"]
INSERT INTO users (username, email) VALUES (?, ?) RETURNING email, id > 0;
-- only: mariadb
-- params: [3]
DELETE FROM users WHERE id = ? RETURNING *;
