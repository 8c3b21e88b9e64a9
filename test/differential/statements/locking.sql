-- # FOR UPDATE and FOR SHARE
SELECT id, email FROM users WHERE id = 1 FOR UPDATE;
SELECT id, email FROM users WHERE phone = '111' ORDER BY id FOR UPDATE;
SELECT id, email FROM users WHERE id = 1 LOCK IN SHARE MODE;
SELECT id FROM users WHERE id < 5 ORDER BY id LIMIT 2 FOR UPDATE;
SELECT id FROM users WHERE id = 1 FOR UPDATE NOWAIT;
SELECT id FROM users WHERE id = 1 FOR UPDATE SKIP LOCKED;
-- only: mysql
SELECT id FROM users WHERE id = 1 FOR SHARE;
-- only: mysql
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id < 5 ORDER BY 1, 2 FOR UPDATE OF u;
-- only: mysql
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id < 5 ORDER BY 1, 2 FOR UPDATE OF o;
-- only: mysql
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id < 5 ORDER BY 1, 2 FOR UPDATE OF u FOR SHARE OF o SKIP LOCKED;
-- only: mysql
SELECT u.id FROM users u WHERE u.id = 1 FOR UPDATE OF nothing;
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id < 5 ORDER BY 1, 2 FOR UPDATE;
SELECT id FROM orders WHERE user_id IN (SELECT id FROM users WHERE age > 30) ORDER BY id FOR UPDATE;
-- only: mariadb
SELECT id FROM users WHERE id = 1 FOR UPDATE WAIT 1;
-- # User variables
-- {
SELECT COUNT(*) INTO @n FROM users;
SELECT @n;
-- }
-- {
SELECT id, visits INTO @i, @v FROM users WHERE id = 2;
SELECT @i, @v;
-- }
-- expect: refused TC_PLAINTEXT_ESCAPE
-- {
SELECT email INTO @e FROM users WHERE id = 2;
SELECT @e;
-- }
-- {
SET @p = '111';
SELECT id FROM users WHERE phone = @p ORDER BY id;
-- }
-- {
SET @a = 30;
SELECT id FROM users WHERE age = @a ORDER BY id;
-- }
-- {
SET @e = (SELECT COUNT(*) FROM users);
SELECT @e;
-- }
SELECT @x := id FROM users WHERE id = 1;
-- # INTO OUTFILE
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT email FROM users INTO OUTFILE '/nowhere/at/all';
-- expect: refused TC_PLAINTEXT_ESCAPE
SELECT email INTO DUMPFILE '/nowhere/at/all' FROM users WHERE id = 1;
-- # MATCH, PROCEDURE
-- expect: refused TC_UNSUPPORTED_SQL
SELECT id FROM users WHERE MATCH (bio) AGAINST ('about');
-- # Multi-statements
-- protocol: text
SELECT email FROM users WHERE id = 1; SELECT phone FROM users WHERE id = 2;
-- protocol: text
SELECT 1; UPDATE users SET email = 'm' WHERE id = 1; SELECT email FROM users WHERE id = 1;
-- protocol: text
SELECT email FROM users WHERE id = 1; SELECT nothing FROM users; SELECT 2;
