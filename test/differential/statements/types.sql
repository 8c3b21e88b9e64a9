-- # DECIMAL
SELECT id, amount, total FROM bookings ORDER BY id;
SELECT id FROM bookings WHERE amount = 12.5 ORDER BY id;
SELECT id FROM bookings WHERE amount = '12.50' ORDER BY id;
SELECT id FROM bookings WHERE amount IN (12.5, -3, 100.00, 7.123) ORDER BY id;
SELECT id FROM bookings WHERE amount > 9.98 AND amount < 1e3 ORDER BY amount, id;
SELECT id FROM bookings WHERE amount BETWEEN -3 AND 12.5 ORDER BY amount DESC, id;
-- params: ["12.5"]
SELECT id FROM bookings WHERE amount = ? ORDER BY id;
SELECT SUM(amount), AVG(amount), MIN(amount), MAX(amount), COUNT(amount) FROM bookings;
SELECT amount, COUNT(*) FROM bookings GROUP BY amount ORDER BY amount;
SELECT amount * 2, amount + total, ROUND(amount), -amount, amount DIV 3, amount % 7 FROM bookings ORDER BY id;
-- expect: differs ok, warnings: no note 1265 or 1292 of values that are rounded or cut to their type
INSERT INTO bookings (label, amount, total) VALUES ('n', 1, 2), ('m', '3.1', 4.12345), ('o', -1.005, NULL);
INSERT INTO bookings (label, amount) VALUES ('n', 100000000);
INSERT INTO bookings (label, total) VALUES ('n', 5), ('m', -0.1);
INSERT INTO bookings (label, amount) VALUES ('n', 'abc');
INSERT INTO bookings (label, amount) VALUES ('n', '12abc');
-- params: ["n", "1.25"]
INSERT INTO bookings (label, amount) VALUES (?, ?);
-- params: ["n", "x1"]
INSERT INTO bookings (label, amount) VALUES (?, ?);
UPDATE bookings SET amount = amount + 1 WHERE amount < 100;
UPDATE bookings SET amount = amount * 2 WHERE id = 2;
UPDATE bookings SET amount = total WHERE id = 9;
UPDATE bookings SET total = 0 WHERE amount = -3;
DELETE FROM bookings WHERE amount = 9.99;
-- expect: refused TC_UNSUPPORTED_SQL
UPDATE bookings SET amount = amount / 3 WHERE id = 2;
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO bookings (amount) VALUES (x'31');
-- # DOUBLE
SELECT id, ratio FROM bookings ORDER BY id;
SELECT id FROM bookings WHERE ratio = 1.5 ORDER BY id;
SELECT id FROM bookings WHERE ratio IN (0, 1.5e0, '30') ORDER BY id;
SELECT id FROM bookings WHERE ratio < 1 ORDER BY ratio, id;
SELECT MIN(ratio), MAX(ratio), COUNT(DISTINCT ratio) FROM bookings;
INSERT INTO bookings (label, ratio) VALUES ('n', 0.1), ('m', 1e-5), ('o', '1e3'), ('p', 1234567890123456);
INSERT INTO bookings (label, ratio) VALUES ('n', 'abc');
INSERT INTO bookings (label, ratio) VALUES ('n', '1e400');
-- params: [1.25]
INSERT INTO bookings (label, ratio) VALUES ('n', ?);
UPDATE bookings SET ratio = ratio * 1.1 WHERE ratio < 100;
UPDATE bookings SET ratio = ratio / 3 WHERE id = 2;
-- # DATE
SELECT id, born FROM bookings ORDER BY id;
SELECT id FROM bookings WHERE born = '2000-01-31' ORDER BY id;
SELECT id FROM bookings WHERE born = '2000-1-31' ORDER BY id;
SELECT id FROM bookings WHERE born = DATE'2000-01-31' ORDER BY id;
SELECT id FROM bookings WHERE born IN ('2000-01-31', '1999-12-31') ORDER BY id;
SELECT id FROM bookings WHERE born > '1999-01-01' AND born < '2025-01-01' ORDER BY born, id;
-- params: ["2000-01-31"]
SELECT id FROM bookings WHERE born = ? ORDER BY id;
SELECT YEAR(born), MONTH(born), DAYOFWEEK(born), DATE_FORMAT(born, '%d.%m.%Y'), DATEDIFF(born, '2000-01-01') FROM bookings ORDER BY id;
SELECT born, COUNT(*) FROM bookings GROUP BY born ORDER BY born;
SELECT MIN(born), MAX(born) FROM bookings;
INSERT INTO bookings (label, born) VALUES ('n', '2024-02-29'), ('m', '20240131'), ('o', 20240131), ('p', '2024-1-5');
INSERT INTO bookings (label, born) VALUES ('n', '2023-02-29');
INSERT INTO bookings (label, born) VALUES ('n', 'abc');
-- expect: mariadb refused TC_UNSUPPORTED_SQL
INSERT INTO bookings (label, born) VALUES ('n', '0000-00-00');
-- params: ["2024-02-30"]
INSERT INTO bookings (label, born) VALUES ('n', ?);
UPDATE bookings SET born = born + INTERVAL 1 DAY WHERE born < '2024-01-01';
UPDATE bookings SET born = '2024-05-06' WHERE born = '2000-01-31';
UPDATE bookings SET born = LAST_DAY(born) WHERE id = 2;
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO bookings (label, born) VALUES ('n', '24/01/31');
-- # DATETIME
SELECT id, starts, ends FROM bookings ORDER BY id;
SELECT id FROM bookings WHERE starts = '2024-01-31 23:59:59.999' ORDER BY id;
SELECT id FROM bookings WHERE ends >= '2024-01-31' ORDER BY ends, id;
SELECT id FROM bookings WHERE starts = '2024-01-31' ORDER BY id;
SELECT id FROM bookings WHERE starts < ends ORDER BY id;
SELECT TIMESTAMPDIFF(SECOND, starts, ends), DATE(starts), TIME(starts), MICROSECOND(starts) FROM bookings ORDER BY id;
INSERT INTO bookings (label, starts, ends) VALUES ('n', '2024-01-31 10:00:00.1234', '2024-01-31T10:00:00'), ('m', '2024-01-31', '2024-12-31 23:59:59.9');
INSERT INTO bookings (label, starts) VALUES ('n', '2024-01-31T10:00:00Z');
INSERT INTO bookings (label, ends) VALUES ('n', '2024-01-31 25:00:00');
-- params: ["2024-01-31 10:00:00.5"]
INSERT INTO bookings (label, ends) VALUES ('n', ?);
UPDATE bookings SET ends = starts WHERE id < 6;
UPDATE bookings SET ends = DATE_ADD(ends, INTERVAL 90 MINUTE) WHERE ends > '2024-01-01';
UPDATE bookings SET starts = CONCAT('2024-05-', '06 07:08:09') WHERE id = 1;
-- # BOOLEAN
SELECT id, active FROM bookings WHERE active ORDER BY id;
SELECT id FROM bookings WHERE active = TRUE OR active IS FALSE ORDER BY id;
INSERT INTO bookings (label, active) VALUES ('n', TRUE), ('m', FALSE), ('o', 2), ('p', NULL);
INSERT INTO bookings (label, active) VALUES ('n', 'true');
UPDATE bookings SET active = NOT active;
-- # Several
-- expect: differs ok, warnings: no note 1265 or 1292 of values that are rounded or cut to their type
INSERT INTO bookings (label, amount, ratio, born, starts, active) SELECT label, total / 1000000, amount, starts, born, active FROM bookings WHERE id < 4;
INSERT INTO bookings (id, label, amount, born) VALUES (1, 'q', 5, '2024-01-01') ON DUPLICATE KEY UPDATE amount = VALUES(amount), born = VALUES(born);
SELECT b.id, u.id FROM bookings b JOIN users u ON u.age = b.amount ORDER BY b.id, u.id;
SELECT * FROM bookings ORDER BY born, amount, id LIMIT 5;
SELECT id, amount FROM bookings UNION ALL SELECT id, ratio FROM bookings ORDER BY 1, 2;
SELECT JSON_OBJECT('a', amount, 'b', born, 'r', ratio) FROM bookings WHERE id = 2;
SELECT CASE WHEN amount > 10 THEN born ELSE NULL END, COALESCE(amount, 0), IF(active, starts, ends), GREATEST(amount, 5) FROM bookings ORDER BY id;
-- # Constants of 64 bits
SELECT id, level FROM users WHERE level IN (30, 18446744073709551615, '30') ORDER BY id;
SELECT id, level FROM users WHERE level IN (18446744073709551615, 30.0) ORDER BY id;
SELECT id, score FROM users WHERE score IN (-1, '30') ORDER BY id;
SELECT id, score FROM users WHERE score IN (-1, 30) ORDER BY id;
SELECT id, level FROM users WHERE level = 18446744073709551615;
-- # One of several expressions, of another type than it
UPDATE users SET score = CASE WHEN email IN ('anna@x.com') THEN 1e2 ELSE score END;
UPDATE users SET score = IF(id = 1, '18446744073709551614', score) WHERE id IN (1, 2);
-- {
UPDATE bookings SET total = 1234567890123456.1234 WHERE id = 1;
UPDATE bookings SET total = CASE WHEN id = 999 THEN 1e2 ELSE total END WHERE id = 1;
UPDATE bookings SET total = COALESCE(total, 2.5) WHERE id = 1;
-- }
-- # Expressions that are no date
UPDATE bookings w JOIN users u ON u.id = w.id SET w.born = 1 + 2 WHERE w.id = 1;
UPDATE bookings SET born = CONCAT('2023-02-', '29') WHERE id = 1;
UPDATE bookings SET born = CONCAT('2024-02-', '29') WHERE id = 1;
UPDATE bookings SET born = CONCAT('1900-02-', '29') WHERE id = 1;
UPDATE bookings SET born = CONCAT('2000-02-', '29') WHERE id = 1;
UPDATE bookings SET starts = CONCAT('2001-11-', '30 10:11:12.500') WHERE id = 1;
-- # Types of what hands a protected integer on
SELECT MAX(age), MIN(level), MAX(score), COALESCE(MAX(age), 0), COALESCE(MIN(level), 7) FROM users;
SELECT IFNULL(level, age), IF(age > 20, level, age), NULLIF(level, 1), LEAST(age, level), GREATEST(level, level) FROM users ORDER BY id;
SELECT CASE WHEN age > 20 THEN level END, CASE id WHEN 1 THEN age WHEN 2 THEN level ELSE id END FROM users ORDER BY id;
SELECT country, MAX(age), MIN(level) FROM users GROUP BY country ORDER BY country;
SELECT (SELECT MAX(level) FROM users) l, (SELECT age FROM users WHERE id = 1) a, MAX(age) FROM users;
SELECT age FROM users UNION SELECT level FROM users UNION ALL SELECT NULL ORDER BY 1;
SELECT x FROM (SELECT level AS x FROM users UNION ALL SELECT age FROM users) d ORDER BY x;
WITH c AS (SELECT id, IFNULL(level, age) AS v FROM users) SELECT v, MAX(v) OVER () FROM c ORDER BY id;
SELECT MAX(active), COALESCE(MAX(active), FALSE), MIN(active) FROM bookings;
-- params: [3]
SELECT age, level, IFNULL(level, age), MAX(age) OVER (ORDER BY id) FROM users WHERE id > ? ORDER BY id;
