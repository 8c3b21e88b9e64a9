-- # Point select by primary key
SELECT * FROM users WHERE id = 1;
SELECT id, email, phone, age FROM users WHERE id = 2;
SELECT email FROM users WHERE tenant_id = 't-one' AND id = 4;
SELECT users.email FROM users WHERE users.id = 5;
SELECT `users`.`email`, `users`.* FROM `users` WHERE `users`.`id` = 5;
SELECT {db}.users.email FROM {db}.users WHERE {db}.users.id = 4;
SELECT u.email AS "e-mail", u.age + 1 AS next FROM users AS u WHERE u.id = 7;
SELECT u.* FROM users u WHERE u.id IN (1, 2, 3) ORDER BY u.id;
SELECT id FROM users WHERE id = 999;
SELECT id, secret, pin FROM vault WHERE id = 2;
SELECT * FROM vault ORDER BY id;
SELECT 1 FROM users WHERE id = 1;
SELECT NULL, 'text', 1.5, TRUE FROM users WHERE id = 1;
-- params: [1]
SELECT * FROM users WHERE id = ?;
-- params: ["1"]
SELECT email, age FROM users WHERE id = ?;
-- params: [1, 7, 500]
SELECT id, email, level FROM users WHERE id IN (?, ?, ?) ORDER BY id;
-- # Equality on a protected column
SELECT id, phone FROM users WHERE phone = '111' ORDER BY id;
SELECT id FROM users WHERE '111' = phone ORDER BY id;
SELECT id FROM users WHERE phone = '+1 ' ORDER BY id;
SELECT id FROM users WHERE phone = '' ORDER BY id;
SELECT id FROM users WHERE phone <=> NULL ORDER BY id;
SELECT id FROM users WHERE phone <=> '222' ORDER BY id;
SELECT id FROM users WHERE phone = NULL;
SELECT id FROM users WHERE phone IS NULL ORDER BY id;
SELECT id FROM users WHERE phone IS NOT NULL AND phone <> '111' ORDER BY id;
SELECT id FROM users WHERE phone IN ('111', '222', '+1') ORDER BY id;
SELECT id FROM users WHERE phone IN ('111', NULL) ORDER BY id;
SELECT id FROM users WHERE phone NOT IN ('111', '222') ORDER BY id;
SELECT id FROM users WHERE phone NOT IN ('111', NULL) ORDER BY id;
SELECT id FROM users WHERE (phone, age) = ('111', 30) ORDER BY id;
SELECT id FROM users WHERE (phone, age) IN (('111', 30), ('222', 1), ('30', 30)) ORDER BY id;
SELECT id FROM users WHERE (id, phone) > (4, '222') ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR phone = '222' ORDER BY id;
SELECT id FROM users WHERE phone = '111' OR id = 3 ORDER BY id;
SELECT id FROM users WHERE NOT phone = '111' ORDER BY id;
SELECT id FROM users WHERE phone = 30 ORDER BY id;
SELECT id FROM users WHERE phone = X'313131' ORDER BY id;
SELECT id FROM users WHERE phone = 0x313131 ORDER BY id;
SELECT id FROM users WHERE phone = _utf8mb4'111' ORDER BY id;
SELECT id FROM users WHERE phone = _latin1'111' ORDER BY id;
SELECT id FROM users WHERE phone = N'111' ORDER BY id;
SELECT id FROM users WHERE phone = '11' '1' ORDER BY id;
SELECT id FROM users WHERE phone = CONCAT('11', '1') ORDER BY id;
SELECT id FROM users WHERE phone = 111 ORDER BY id;
SELECT id FROM users WHERE phone = 1.11e2 ORDER BY id;
SELECT id FROM users WHERE phone = TRUE ORDER BY id;
SELECT id FROM users WHERE email = 'ANNA@X.COM' ORDER BY id;
SELECT id FROM users WHERE email = 'anna @x.com' ORDER BY id;
SELECT id FROM users WHERE email COLLATE utf8mb4_bin = 'anna@x.com' ORDER BY id;
SELECT id FROM users WHERE BINARY email = 'anna@x.com' ORDER BY id;
SELECT id FROM users WHERE nick = 'anna' ORDER BY id;
SELECT id FROM users WHERE nick = 'anna ' ORDER BY id;
SELECT id FROM users WHERE code = 'aa' ORDER BY id;
SELECT id FROM users WHERE code = 'AA  ' ORDER BY id;
SELECT id FROM users WHERE token = 'tok1' ORDER BY id;
SELECT id FROM users WHERE token = X'00FF' ORDER BY id;
SELECT id, HEX(token) FROM users WHERE token = '' ORDER BY id;
SELECT id FROM users WHERE age = 30 ORDER BY id;
SELECT id FROM users WHERE age = '30' ORDER BY id;
SELECT id FROM users WHERE age = '030' ORDER BY id;
SELECT id FROM users WHERE age = 30.0 ORDER BY id;
SELECT id FROM users WHERE age = 30.4 ORDER BY id;
SELECT id FROM users WHERE age = 3e1 ORDER BY id;
SELECT id FROM users WHERE age = 0x1E ORDER BY id;
SELECT id FROM users WHERE age = b'11110' ORDER BY id;
SELECT id FROM users WHERE age = '30abc' ORDER BY id;
SELECT id FROM users WHERE age = ' 30' ORDER BY id;
SELECT id FROM users WHERE age = -30 ORDER BY id;
SELECT id FROM users WHERE age = +30 ORDER BY id;
SELECT id FROM users WHERE age = - - 30 ORDER BY id;
SELECT id FROM users WHERE age IN (30, '31', 7.0) ORDER BY id;
-- expect: mysql differs ok, warnings: one warning a row
SELECT id FROM users WHERE age IN (30, 'x') ORDER BY id;
SELECT id FROM users WHERE age = 2147483648 ORDER BY id;
SELECT id FROM users WHERE score = 18446744073709551615 ORDER BY id;
SELECT id FROM users WHERE score = '18446744073709551615' ORDER BY id;
SELECT id FROM users WHERE score = -1 ORDER BY id;
SELECT id FROM users WHERE level = 0 ORDER BY id;
SELECT id FROM vault WHERE pin = 18446744073709551615;
SELECT id FROM vault WHERE pin IN (22, -2147483649, '2147483648') ORDER BY id;
-- params: [2147483648]
SELECT id FROM vault WHERE pin = ?;
DELETE FROM vault WHERE pin = 2147483648;
UPDATE users SET visits = 1 WHERE age = 21474836480 OR phone = 'longer than all that the column can hold';
SELECT id FROM users WHERE phone = 'longer than all that the column can hold';
SELECT id FROM users WHERE level ORDER BY id;
SELECT id FROM users WHERE age ORDER BY id;
-- params: ["111"]
SELECT id, email FROM users WHERE phone = ? ORDER BY id;
-- params: [111]
SELECT id, email FROM users WHERE phone = ? ORDER BY id;
-- params: ["30"]
SELECT id FROM users WHERE age = ? ORDER BY id;
-- params: [30]
SELECT id FROM users WHERE age = ? ORDER BY id;
-- params: [30.5]
SELECT id FROM users WHERE age = ? ORDER BY id;
-- params: ["30 "]
SELECT id FROM users WHERE age = ? ORDER BY id;
-- params: [null]
SELECT id FROM users WHERE age = ? ORDER BY id;
-- params: [null]
SELECT id FROM users WHERE phone <=> ? ORDER BY id;
-- params: [{"hex": "746f6b31"}]
SELECT id FROM users WHERE token = ? ORDER BY id;
-- params: ["111", "222"]
SELECT id FROM users WHERE phone IN (?, ?) ORDER BY id;
-- params: [true]
SELECT id FROM users WHERE level = ? ORDER BY id;
-- # LIKE, REGEXP, BETWEEN
SELECT id FROM users WHERE email LIKE 'a%' ORDER BY id;
SELECT id FROM users WHERE email LIKE '%@x.com' ORDER BY id;
SELECT id FROM users WHERE email LIKE BINARY 'A%' ORDER BY id;
SELECT id FROM users WHERE email NOT LIKE '%x.com' ORDER BY id;
SELECT id FROM users WHERE nick LIKE 'a\%b' ORDER BY id;
SELECT id FROM users WHERE nick LIKE 'a|%b' ESCAPE '|' ORDER BY id;
SELECT id FROM users WHERE nick LIKE 'a\_b' ORDER BY id;
SELECT id FROM users WHERE nick LIKE '%\\\\%' ORDER BY id;
SELECT id FROM users WHERE nick LIKE '_' ORDER BY id;
SELECT id FROM users WHERE nick LIKE '日_' ORDER BY id;
SELECT id FROM users WHERE nick LIKE '😀%' ORDER BY id;
SELECT id FROM users WHERE email LIKE 'CHLOE%' ORDER BY id;
SELECT id FROM users WHERE code LIKE 'a%' ORDER BY id;
SELECT id FROM users WHERE age LIKE '3%' ORDER BY id;
SELECT id FROM users WHERE phone LIKE '+1%' ORDER BY id;
SELECT id FROM users WHERE token LIKE 'tok%' ORDER BY id;
-- params: ["%anna%"]
SELECT id FROM users WHERE email LIKE ? ORDER BY id;
-- params: ["anna"]
SELECT id FROM users WHERE email LIKE CONCAT('%', ?, '%') ORDER BY id;
SELECT id FROM users WHERE email REGEXP '^(anna|bob)' ORDER BY id;
SELECT id FROM users WHERE email RLIKE 'x\\.com$' ORDER BY id;
SELECT id FROM users WHERE email NOT REGEXP '@' ORDER BY id;
SELECT id, REGEXP_REPLACE(email, '@.*', '@…') FROM users WHERE email IS NOT NULL ORDER BY id;
SELECT id, REGEXP_SUBSTR(email, '[a-z]+') FROM users ORDER BY id;
SELECT id, REGEXP_INSTR(email, '@') FROM users ORDER BY id;
SELECT id FROM users WHERE age BETWEEN 10 AND 42 ORDER BY id;
SELECT id FROM users WHERE age NOT BETWEEN 10 AND 42 ORDER BY id;
SELECT id FROM users WHERE age BETWEEN '10' AND '42' ORDER BY id;
SELECT id FROM users WHERE email BETWEEN 'a' AND 'c' ORDER BY id;
SELECT id FROM users WHERE nick BETWEEN 'A' AND 'b' ORDER BY id;
SELECT id FROM users WHERE score BETWEEN 5 AND 30 ORDER BY id;
SELECT id FROM users WHERE phone BETWEEN '1' AND '3' ORDER BY id;
SELECT id FROM users WHERE 30 BETWEEN age AND level + 40 ORDER BY id;
-- params: [10, 42]
SELECT id FROM users WHERE age BETWEEN ? AND ? ORDER BY id;
-- # Ranges and order
SELECT id FROM users WHERE age > 30 ORDER BY id;
SELECT id FROM users WHERE age >= '30' AND age < 100 ORDER BY id;
SELECT id, age FROM users ORDER BY age, id;
SELECT id, age FROM users ORDER BY age DESC, id DESC LIMIT 5;
SELECT id, score FROM users ORDER BY score, id;
SELECT id, email FROM users ORDER BY email, id;
SELECT id, email FROM users ORDER BY email DESC, id LIMIT 3, 4;
SELECT id, nick FROM users ORDER BY nick, id;
SELECT id, phone FROM users ORDER BY phone, id LIMIT 4 OFFSET 2;
SELECT id, code FROM users ORDER BY code, id;
SELECT id, token FROM users ORDER BY token, id;
SELECT id, email FROM users ORDER BY email COLLATE utf8mb4_bin, id;
SELECT id, email FROM users ORDER BY LENGTH(email), email, id;
SELECT id, email e FROM users ORDER BY e, 1;
SELECT id, email FROM users ORDER BY 2, 1;
SELECT id FROM users ORDER BY FIELD(phone, '222', '111'), id;
SELECT id FROM users ORDER BY age IS NULL, age, id;
SELECT id, age FROM users ORDER BY -age, id;
SELECT id FROM users WHERE id > 4 ORDER BY id LIMIT 3;
-- params: [3, 2]
SELECT id, email FROM users ORDER BY email, id LIMIT ? OFFSET ?;
(SELECT id, email FROM users ORDER BY id LIMIT 2);
SELECT SQL_CALC_FOUND_ROWS id FROM users ORDER BY id LIMIT 2;
-- {
SELECT SQL_CALC_FOUND_ROWS id, email FROM users WHERE email LIKE 'a%' ORDER BY id LIMIT 1;
SELECT FOUND_ROWS();
-- }
SELECT SQL_NO_CACHE id FROM users WHERE id = 1;
SELECT HIGH_PRIORITY SQL_SMALL_RESULT DISTINCT code FROM users;
SELECT STRAIGHT_JOIN u.id, a.id FROM users u JOIN accounts a ON a.user_id = u.id ORDER BY 1, 2;
-- # String functions
SELECT id, UPPER(email), LOWER(email), LENGTH(email), CHAR_LENGTH(email) FROM users ORDER BY id;
SELECT id, CONCAT(email, '/', phone), CONCAT_WS('-', nick, code, age) FROM users ORDER BY id;
SELECT id, SUBSTRING(email, 2, 3), LEFT(email, 2), RIGHT(email, 4), MID(email, 3) FROM users ORDER BY id;
SELECT id, SUBSTRING_INDEX(email, '@', 1), SUBSTRING_INDEX(email, '@', -1) FROM users ORDER BY id;
SELECT id, TRIM(nick), LTRIM(nick), RTRIM(nick), TRIM(LEADING 'a' FROM nick) FROM users ORDER BY id;
SELECT id, REPLACE(email, 'x', 'y'), REVERSE(nick), REPEAT(code, 2), SPACE(level) FROM users ORDER BY id;
SELECT id, INSTR(email, '@'), LOCATE('a', email), POSITION('b' IN email), LOCATE('a', email, 3) FROM users ORDER BY id;
SELECT id, LPAD(code, 8, '*'), RPAD(age, 5, '0'), INSERT(email, 1, 2, '__') FROM users ORDER BY id;
SELECT id, HEX(email), UNHEX(HEX(nick)), TO_BASE64(phone), QUOTE(nick) FROM users ORDER BY id;
SELECT id, MD5(email), SHA1(phone), SHA2(email, 256), CRC32(nick) FROM users ORDER BY id;
SELECT id, ASCII(nick), ORD(nick), BIT_LENGTH(nick), OCTET_LENGTH(token) FROM users ORDER BY id;
SELECT id, SOUNDEX(nick), ELT(2, email, phone), MAKE_SET(3, code, nick), STRCMP(email, 'bob') FROM users ORDER BY id;
SELECT id, CHARSET(email), COLLATION(email), COERCIBILITY(email), CHARSET(age), COLLATION(age) FROM users WHERE id = 1;
SELECT id, COLLATION(nick), COLLATION(phone), COLLATION(code), COLLATION(bio), COLLATION(token) FROM users WHERE id = 1;
SELECT COLLATION(CONCAT(email, nick)) FROM users WHERE id = 1;
SELECT COERCIBILITY(phone), COERCIBILITY(CONCAT(phone, 'x')) FROM users WHERE id = 1;
SELECT id FROM users WHERE email = nick;
SELECT id FROM users WHERE email = code ORDER BY id;
SELECT id FROM users WHERE nick = phone ORDER BY id;
SELECT id, CAST(email AS BINARY), CAST(email AS CHAR(3)), CAST(age AS CHAR), CONVERT(email, CHAR(5)) FROM users ORDER BY id;
SELECT id, CONVERT(email USING latin1), CONVERT(nick USING utf8mb3) FROM users WHERE id < 5 ORDER BY id;
SELECT id, CAST(phone AS SIGNED), CAST(phone AS UNSIGNED), CAST(age AS DECIMAL(10,2)), CAST(level AS DOUBLE) FROM users ORDER BY id;
SELECT id, FORMAT(age, 2), BIN(age), OCT(age), CONV(age, 10, 16) FROM users ORDER BY id;
SELECT id, WEIGHT_STRING(nick) FROM users ORDER BY id;
SELECT id, EXPORT_SET(level, 'Y', 'N', ',', 4) FROM users WHERE level >= 0 ORDER BY id;
SELECT GREATEST(email, nick), LEAST(email, code), GREATEST(age, level) FROM users WHERE id = 2;
-- # Numbers
-- {
UPDATE users SET phone = '1.5', nick = '-2.25e1' WHERE id = 1;
SELECT phone * 1, phone + 1, nick * 2, -nick, phone / 3, phone + age, SUM(phone), AVG(nick) FROM users WHERE id = 1 GROUP BY phone, nick, age;
SELECT phone * 1, nick + 0.5, ROUND(phone), phone DIV 1, phone % 1 FROM users WHERE id = 1;
-- }
SELECT id, age + 1, age - level, age * 2, age / 3, age DIV 4, age % 7, -age FROM users ORDER BY id;
SELECT id, ABS(age), SIGN(age), MOD(age, 5), POW(level, 2), SQRT(age), ROUND(age / 7, 2), TRUNCATE(age / 7, 1) FROM users ORDER BY id;
SELECT id, age & 7, age | 1, age ^ 3, age << 2, ~age, BIT_COUNT(age) FROM users ORDER BY id;
SELECT id, score + 0, score DIV 2, score % 10 FROM users ORDER BY id;
SELECT score + 1 FROM users WHERE score = 18446744073709551615;
SELECT id, age AND level, age OR level, NOT age, age XOR level, age IS TRUE, level IS FALSE, age IS UNKNOWN FROM users ORDER BY id;
SELECT id, email + 0, phone * 1, nick + age FROM users WHERE id < 4 ORDER BY id;
SELECT id, age > '9', age = '030', '10' < age FROM users ORDER BY id;
-- # Control flow
SELECT id, IF(age > 30, 'old', 'young'), IFNULL(email, 'none'), NULLIF(phone, '111'), COALESCE(nick, email, 'x') FROM users ORDER BY id;
SELECT id, CASE WHEN age > 30 THEN email WHEN age IS NULL THEN phone ELSE nick END AS c FROM users ORDER BY id;
SELECT id, CASE code WHEN 'aa' THEN 1 WHEN 'bb' THEN 2 ELSE 0 END FROM users ORDER BY id;
SELECT id, IF(level, age, score), IFNULL(age, score), COALESCE(age, email) FROM users ORDER BY id;
SELECT id, ISNULL(email), email IS NULL, INTERVAL(age, 10, 30, 60) FROM users ORDER BY id;
-- # JSON functions
SELECT id, JSON_OBJECT('mail', email, 'age', age) FROM users ORDER BY id;
SELECT id, JSON_ARRAY(email, phone, level) FROM users ORDER BY id;
SELECT id, JSON_QUOTE(email), JSON_VALID(email), JSON_LENGTH(JSON_ARRAY(age, nick)) FROM users ORDER BY id;
SELECT JSON_EXTRACT(JSON_OBJECT('e', email), '$.e') FROM users ORDER BY id;
SELECT code, JSON_ARRAYAGG(id) FROM users WHERE id < 3 GROUP BY code ORDER BY code;
-- # Date functions on protected strings
SELECT id, DATE_FORMAT(created_at, '%Y'), YEAR(created_at), CONCAT(YEAR(created_at), email) FROM users ORDER BY id;
SELECT id, DATE_ADD('2025-01-01', INTERVAL age DAY) FROM users WHERE age BETWEEN 0 AND 100 ORDER BY id;
SELECT id FROM users WHERE created_at > '2025-05-01' AND email IS NOT NULL ORDER BY id;
