-- # Comments
SELECT /* comment */ email /* users */ FROM /**/ users WHERE id = 1;
/* leading */ SELECT email FROM users WHERE id = 1;
/*! SELECT */ email FROM users WHERE id = 1;
SELECT /*! email, */ id FROM users WHERE id = 1;
SELECT /*!50000 email, */ id FROM users WHERE id = 1;
SELECT /*!99999 email, */ id FROM users WHERE id = 1;
SELECT /*!999999 email, */ id FROM users WHERE id = 1;
SELECT id /*!50000 FROM users */ WHERE id = 1;
SELECT id FROM /*!50000 users */ WHERE id = 1;
SELECT /*M! email, */ id FROM users WHERE id = 1;
SELECT /*M!100100 email, */ id FROM users WHERE id = 1;
SELECT email -- the comment
 FROM users WHERE id = 1;
SELECT email # the comment
 FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT 5--1, email FROM users WHERE id = 1;
SELECT email FROM users WHERE id = 1 -- 'quote;
SELECT email FROM users WHERE id = 1 /* ' */ AND phone = '/* no comment */';
SELECT '-- no comment', email FROM users WHERE id = 1;
/*tenant_id='t-two'*/ SELECT id FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT email FROM users WHERE id = 1 /* unfinished;
UPDATE /* c */ users /* d */ SET /* e */ email /* f */ = /* g */ 'x' /* h */ WHERE /* i */ id = 1;
INSERT /*!INTO*/ users (username, /*!email,*/ phone) VALUES ('n1', /*!'e',*/ 'p');
-- # Spaces
SELECT	email
FROM
	users
WHERE id=1;
SELECT(email)FROM(users)WHERE(id=1);
SELECT email FROM users WHERE phone='111'AND id<9 ORDER BY id;
SELECT email FROM users WHERE id = 1 ;
SELECT`email`FROM`users`WHERE`id`=1;
SELECT email FROM{db}.users WHERE id = 1;
SELECT email FROM {db} . users WHERE id = 1;
SELECT users . email FROM users WHERE users . id = 1;
-- # Case and quotes of names
SELECT EMAIL FROM users WHERE ID = 1;
SELECT Users.email FROM users WHERE id = 1;
SELECT email FROM USERS WHERE id = 1;
SELECT `EMAIL` AS `Email` FROM `users` WHERE `ID` = 1;
SELECT u.`email` FROM `users` `u` WHERE `u`.id = 1;
SELECT email 'quoted alias' FROM users WHERE id = 1;
SELECT email AS 'x''y' FROM users WHERE id = 1;
SELECT email AS `a``b` FROM users WHERE id = 1;
SELECT email AS email, phone AS email FROM users WHERE id = 1;
SELECT email AS phone, phone AS email FROM users WHERE id = 1 ORDER BY phone;
SELECT phone AS email FROM users WHERE email LIKE 'a%' ORDER BY email, id;
SELECT age AS email FROM users ORDER BY email, id;
SELECT email AS id FROM users ORDER BY users.id;
SELECT COUNT(*) email FROM users GROUP BY phone ORDER BY email, phone;
SELECT email AS users FROM users WHERE id = 1;
SELECT e.email FROM users email JOIN users e ON e.id = email.id WHERE email.id = 1;
SELECT email.email FROM users AS email WHERE email.id = 1;
SELECT `users `.id FROM users;
-- expect: mysql differs kind: MySQL takes a name with a leading dot nowhere, the proxy for tables of the client's own
SELECT .users.email FROM users WHERE id = 1;
-- expect: mysql differs kind: a leading dot, as above
SELECT email FROM .users WHERE id = 1;
-- # Names that fold
-- expect: mariadb differs kind: names are folded as MySQL does
-- expect: mysql differs metadata, prepare: the name is as the table has it
SELECT emaİl FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT to`K`en FROM users WHERE id = 1;
SELECT toKen FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO users (username, emaİl) VALUES ('n1', 'folded');
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO users (username, ｅmail) VALUES ('n1', 'folded');
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users SET emaİl = 'folded' WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users SET tenant_İd = 't-two' WHERE id = 1;
SELECT email FROM usеrs WHERE id = 1;
-- # Shadowing
WITH users AS (SELECT 1 AS id, 'cte' AS email) SELECT email FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
WITH USERS AS (SELECT 1 AS id, 'cte' AS email) SELECT email FROM users WHERE id = 1;
WITH u AS (WITH users AS (SELECT 'inner' AS email) SELECT * FROM users) SELECT * FROM u;
WITH users AS (SELECT 1 AS id) SELECT users.id, o.id FROM users JOIN {db}.users o ON o.id = users.id;
WITH RECURSIVE users AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM users WHERE id < 3) SELECT * FROM users;
SELECT users.id FROM orders AS users WHERE users.id = 1;
SELECT id FROM orders AS users WHERE EXISTS (SELECT 1 FROM users WHERE users.id = 1) ORDER BY id LIMIT 3;
SELECT (SELECT email FROM users u2 WHERE u2.id = users.id) FROM users WHERE id < 4 ORDER BY id;
SELECT * FROM (SELECT email AS phone FROM users WHERE id = 1) AS users;
SELECT orders.id FROM orders JOIN users AS vault ON vault.id = orders.user_id WHERE vault.email LIKE 'a%' ORDER BY 1;
-- # Reserved names
-- expect: refused TC_RESERVED_NAME
SELECT @__tc_key;
-- expect: refused TC_RESERVED_NAME
SELECT @__TC_KEY;
-- expect: refused TC_RESERVED_NAME
SELECT @`__tc_key `;
-- expect: refused TC_RESERVED_NAME
SET @__tc_key = 'x';
-- expect: refused TC_RESERVED_NAME
SELECT email INTO @__tc_other FROM users WHERE id = 1;
SELECT @@session.block_encryption_mode IS NULL;
-- expect: refused TC_RESERVED_NAME
SET block_encryption_mode = 'aes-256-cbc';
-- expect: refused TC_RESERVED_NAME
SELECT AES_DECRYPT(email, @__tc_key) FROM users;
SELECT AES_ENCRYPT('x', 'my own key') = AES_ENCRYPT('x', 'my own key');
SELECT id, AES_DECRYPT(AES_ENCRYPT(email, 'own'), 'own') = email FROM users WHERE id < 4 ORDER BY id;
-- expect: refused TC_RESERVED_NAME
SELECT * FROM information_schema.user_variables;
-- expect: refused TC_RESERVED_NAME
SHOW USER_VARIABLES;
-- # Odd forms
{d '2025-01-01'};
SELECT {ts '2025-01-01 00:00:00'}, email FROM users WHERE id = 1;
SELECT u.id FROM {oj users u LEFT JOIN orders o ON o.user_id = u.id} WHERE u.id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT 1.FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT 1.e0FROM users WHERE id = 1;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT email FROM users WHERE id = 1 PROCEDURE ANALYSE();
-- expect: refused TC_UNSUPPORTED_SQL
SELECT email FROM dual, users WHERE id = 1;
SELECT 1 FROM DUAL WHERE 'users' = 'users';
SELECT 'FROM users', "users" FROM orders WHERE id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT email FROM users WHERE id = 1 INTO @a, @b;
SELECT DISTINCTROW phone FROM users;
SELECT ALL phone FROM users;
SELECT SQL_BUFFER_RESULT email FROM users WHERE id = 1;
SELECT email FROM users WHERE id = 1 LIMIT 1, 1;
SELECT email FROM users LIMIT 0;
SELECT email FROM users WHERE (((id = 1)));
SELECT ((email)) FROM ((users)) WHERE id = 1;
SELECT u.email FROM (users u, orders o) WHERE u.id = o.user_id ORDER BY o.id;
SELECT u.email FROM (users u JOIN orders o ON o.user_id = u.id) LEFT JOIN accounts a ON a.user_id = u.id ORDER BY o.id, a.id;
((SELECT email FROM users WHERE id = 1)) UNION ((SELECT phone FROM users WHERE id = 1));
SELECT;
SELECT email FROM;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
SELEC email FROM users;
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO users;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE users;
-- expect: refused TC_UNSUPPORTED_SQL
DELETE users;
-- # Names of common table expressions in another case
WITH T AS (SELECT 1 AS x) SELECT x FROM t;
WITH té AS (SELECT 1 AS x) SELECT x FROM te;
WITH té AS (SELECT 1 AS x) SELECT x FROM tÉ;
WITH `te ` AS (SELECT 1 AS x) SELECT x FROM te;
WITH `ss` AS (SELECT 1 AS x) SELECT x FROM `ß`;
WITH `s` AS (SELECT 1 AS x) SELECT x FROM `ß`;
WITH `i` AS (SELECT 1 AS x) SELECT x FROM `İ`;
WITH T AS (SELECT 1 AS x), t AS (SELECT 2 AS x) SELECT x FROM t;
WITH T AS (SELECT 1 AS x) SELECT * FROM (WITH t AS (SELECT 2 AS x) SELECT x FROM T) d;
WITH notes AS (SELECT 1 AS x) SELECT x FROM NOTES;
WITH NOTES AS (SELECT 1 AS x) SELECT * FROM notes;
WITH RECURSIVE R AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 3) SELECT x FROM R;
WITH NOTES AS (SELECT 1 AS x) SELECT * FROM (SELECT * FROM notes) d;
WITH T AS (SELECT email AS x FROM users) SELECT x FROM t;
-- expect: mariadb refused TC_PLAINTEXT_ESCAPE
INSERT INTO notes (id, text) WITH T AS (SELECT email AS x FROM users) SELECT 77, x FROM t;
-- expect: mariadb refused TC_PLAINTEXT_ESCAPE
UPDATE notes SET text = (WITH T AS (SELECT email AS x FROM users) SELECT x FROM t LIMIT 1) WHERE id = 1;
-- expect: mariadb refused TC_PLAINTEXT_ESCAPE
WITH T AS (SELECT email AS x FROM users) UPDATE notes SET text = (SELECT x FROM t LIMIT 1) WHERE id = 1;
-- expect: mariadb refused TC_PLAINTEXT_ESCAPE
WITH T AS (SELECT email AS x FROM users) UPDATE notes, t SET text = x WHERE notes.id = 1;
-- expect: mariadb refused TC_UNSUPPORTED_SQL
WITH `İ` AS (SELECT email AS x FROM users) SELECT x FROM i;
-- # Comments in select items
SELECT /*a*/ (SELECT email FROM users WHERE id = 1) /*b*/, (SELECT /*c*/ email FROM users WHERE id = 2);
-- expect: mariadb refused TC_UNSUPPORTED_SQL
SELECT id, /*a*/ (SELECT email FROM users WHERE id = 1) FROM notes ORDER BY id;
-- expect: refused TC_UNSUPPORTED_SQL
SELECT (SELECT email /*!40000 FROM*/ users WHERE id = 1);
SELECT /*a*/ LENGTH(email), /*b*/ LENGTH(phone) /*!40000 + 1*/ FROM users WHERE id = 1;
