-- # JSON in a protected column
UPDATE users SET bio = JSON_OBJECT('name', username, 'tags', JSON_ARRAY(1, 2, visits)) WHERE id < 5;
SELECT id, JSON_VALID(bio) FROM users ORDER BY id;
-- {
UPDATE users SET bio = '{"a": {"b": [1, "two"]}, "c": "x"}' WHERE id = 1;
SELECT JSON_EXTRACT(bio, '$.a.b[1]'), JSON_UNQUOTE(JSON_EXTRACT(bio, '$.c')), JSON_LENGTH(bio), JSON_KEYS(bio) FROM users WHERE id = 1;
SELECT id FROM users WHERE id = 1 AND JSON_CONTAINS(bio, '"x"', '$.c');
SELECT JSON_SET(bio, '$.c', 'y'), JSON_REMOVE(bio, '$.a'), JSON_SEARCH(bio, 'one', 'two') FROM users WHERE id = 1;
UPDATE users SET bio = JSON_SET(bio, '$.c', email, '$.d', age) WHERE id = 1;
SELECT JSON_VALUE(bio, '$.c'), JSON_TYPE(JSON_EXTRACT(bio, '$.d')) FROM users WHERE id = 1;
SELECT j.v FROM users u, JSON_TABLE(u.bio, '$.a.b[*]' COLUMNS (v VARCHAR(20) PATH '$')) j WHERE u.id = 1;
-- }
SELECT JSON_ARRAYAGG(email) FROM users WHERE id = 1;
SELECT JSON_OBJECTAGG(username, age) FROM users WHERE id = 1;
SELECT JSON_OBJECT('e', email, 'a', age) FROM users ORDER BY id LIMIT 4;
-- # LIKE, REGEXP, BETWEEN
SELECT id FROM users WHERE email LIKE 'a%' ORDER BY id;
SELECT id FROM users WHERE email LIKE '%|_%' ESCAPE '|' ORDER BY id;
SELECT id FROM users WHERE email LIKE '%\\_%' ORDER BY id;
SELECT id FROM users WHERE nick LIKE 'A%' AND nick NOT LIKE '%b' ORDER BY id;
SELECT id FROM users WHERE email LIKE CONCAT(nick, '@%') ORDER BY id;
SELECT id FROM users WHERE 'anna@x.com' LIKE email ORDER BY id;
SELECT id FROM users WHERE email REGEXP '^[a-c].*@x' ORDER BY id;
SELECT id FROM users WHERE email NOT RLIKE 'o$' ORDER BY id;
SELECT id, REGEXP_REPLACE(email, '[aeiou]', '*'), REGEXP_SUBSTR(email, '@.*$') FROM users ORDER BY id LIMIT 9;
SELECT id FROM users WHERE email BETWEEN 'b' AND 'm' ORDER BY id;
SELECT id FROM users WHERE age NOT BETWEEN 5 AND 40 ORDER BY id;
SELECT id FROM users WHERE 30 BETWEEN level AND age ORDER BY id;
SELECT id FROM users WHERE email SOUNDS LIKE 'anna' ORDER BY id;
SELECT id FROM users WHERE STRCMP(email, nick) > 0 ORDER BY id;
-- params: ["a%"]
SELECT id FROM users WHERE email LIKE ? ORDER BY id;
-- # Aggregates
SELECT GROUP_CONCAT(email ORDER BY email DESC, id SEPARATOR '; ') FROM users;
SELECT country, GROUP_CONCAT(DISTINCT phone ORDER BY phone) FROM users GROUP BY country ORDER BY country;
SELECT COUNT(DISTINCT email), COUNT(DISTINCT nick), COUNT(DISTINCT phone, age), COUNT(email) FROM users;
SELECT MIN(email), MAX(email), MIN(age), MAX(age), SUM(age), AVG(age), BIT_OR(age), STD(age) FROM users;
SELECT email, COUNT(*) c FROM users GROUP BY email HAVING c > 1 OR email IS NULL ORDER BY email;
SELECT age DIV 10 d, COUNT(DISTINCT email) FROM users GROUP BY d WITH ROLLUP;
-- # Windows
SELECT id, ROW_NUMBER() OVER (ORDER BY email, id), RANK() OVER (ORDER BY nick) FROM users ORDER BY id;
SELECT id, COUNT(*) OVER (PARTITION BY phone) n, LAG(email) OVER (ORDER BY id) p FROM users ORDER BY id;
SELECT id, SUM(age) OVER w, FIRST_VALUE(email) OVER w FROM users WINDOW w AS (PARTITION BY country ORDER BY age, id) ORDER BY id;
SELECT id, NTILE(3) OVER (ORDER BY age, id), LEAD(age, 1, 0) OVER (ORDER BY id) FROM users ORDER BY id;
SELECT * FROM (SELECT id, email, ROW_NUMBER() OVER (PARTITION BY email ORDER BY id) r FROM users) d WHERE r = 1 ORDER BY id;
