-- # TIMESTAMP
SELECT * FROM moments ORDER BY id;
SELECT id, seen, logged FROM moments ORDER BY seen, id;
SELECT id FROM moments WHERE logged = '2024-01-31 05:00:00' ORDER BY id;
SELECT id FROM moments WHERE logged IN ('2024-02-29 02:00:00', TIMESTAMP'2023-12-31 01:00:00') ORDER BY id;
-- expect: mysql differs warnings: a constant that no TIMESTAMP holds gives no warning 1292
SELECT id FROM moments WHERE logged IN ('2024-02-29 02:00:00', '1900-01-01') ORDER BY id;
-- expect: mariadb differs warnings: an indexed column's warning says less
-- expect: mysql differs message: error 1525 says DATETIME for TIMESTAMP
SELECT id FROM moments WHERE logged = 'abc' ORDER BY id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
SELECT WEIGHT_STRING(seen) FROM moments ORDER BY id;
SELECT id FROM moments WHERE seen = '2024-01-31' OR seen = 20240229000000 ORDER BY id;
SELECT id FROM moments WHERE seen > '2024-01-01' AND logged < '2050-01-01' ORDER BY seen, id;
SELECT id FROM moments WHERE seen BETWEEN '2024-01-31' AND '2024-02-29 23:59:59.999' ORDER BY id;
SELECT id FROM moments WHERE seen = at ORDER BY id;
SELECT id FROM moments WHERE seen < logged OR logged IS NULL ORDER BY id;
-- params: ["2024-01-31 05:00:00"]
SELECT id FROM moments WHERE logged = ? ORDER BY id;
SELECT UNIX_TIMESTAMP(seen), DATE(seen), TIME(logged), HOUR(logged), MICROSECOND(seen), seen + 0, logged * 1, CONCAT(seen), DATE_FORMAT(seen, '%Y %f %j') FROM moments ORDER BY id;
SELECT seen + INTERVAL 1 HOUR, TIMESTAMPDIFF(SECOND, seen, logged), seen - INTERVAL 5 MICROSECOND, CAST(seen AS DATE), CAST(seen AS CHAR(7)), CAST(logged AS SIGNED) FROM moments ORDER BY id;
SELECT MIN(seen), MAX(logged), COUNT(DISTINCT seen), SUM(logged), GROUP_CONCAT(logged ORDER BY id) FROM moments;
SELECT logged, COUNT(*) FROM moments GROUP BY logged ORDER BY logged;
SELECT DATE(seen) AS d, COUNT(*) FROM moments GROUP BY d WITH ROLLUP;
SELECT COALESCE(seen, logged), IFNULL(seen, 5), IF(id = 1, seen, NULL), CASE WHEN id > 3 THEN logged ELSE 'x' END, GREATEST(seen, logged), NULLIF(seen, logged) FROM moments ORDER BY id;
SELECT DISTINCT logged FROM moments WHERE id < 9 ORDER BY logged;
SELECT seen FROM moments UNION SELECT at FROM moments ORDER BY 1;
SELECT m.id, b.id FROM moments m JOIN bookings b ON m.seen = b.starts ORDER BY m.id, b.id;
SELECT m.id, n.id FROM moments m JOIN moments n ON m.logged = n.logged ORDER BY m.id, n.id;
SELECT id, ROW_NUMBER() OVER (ORDER BY seen, id) AS n, LAG(seen) OVER (ORDER BY id) AS l FROM moments ORDER BY id;
SELECT JSON_OBJECT('a', seen, 'b', logged) FROM moments WHERE id < 4 ORDER BY id;
SELECT id FROM moments WHERE seen LIKE '2024-02%' ORDER BY id;
INSERT INTO moments (label, seen, logged) VALUES ('n', '2024-01-31 10:00:00.1234', '2024-01-31T10:00:00'), ('m', '2024-01-31', 20240229101112), ('o', NULL, '2024-12-31 23:59:59.9');
INSERT INTO moments (label, seen) VALUES ('n', NOW(3)), ('m', CURRENT_TIMESTAMP), ('o', DATE'2024-05-06');
INSERT INTO moments (label, seen) VALUES ('n', '2023-02-29 10:00:00');
INSERT INTO moments (label, seen) VALUES ('n', 'abc');
INSERT INTO moments (label, seen) VALUES ('n', '2039-01-01');
INSERT INTO moments (label, seen) VALUES ('n', '1969-01-01 00:00:00');
INSERT INTO moments (label, logged) VALUES ('n', 5);
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO moments (label, logged) VALUES ('n', '2038-01-19 03:14:07');
-- params: ["2024-01-31 10:00:00.5"]
INSERT INTO moments (label, logged) VALUES ('n', ?);
-- params: ["2050-01-31 10:00:00"]
INSERT INTO moments (label, logged) VALUES ('n', ?);
-- params: ["2050-01-31 10:00:00"]
UPDATE moments SET logged = ? WHERE id = 1;
UPDATE moments SET logged = seen WHERE id < 8;
UPDATE moments SET logged = NULL, seen = NOW() WHERE logged > '2024-01-01';
UPDATE moments SET seen = '2024-05-06 07:08:09' WHERE logged = '2024-01-31 05:00:00';
UPDATE moments SET seen = DATE_ADD(seen, INTERVAL 90 MINUTE) WHERE seen < '2030-01-01';
UPDATE moments SET seen = CAST('2038-01-19 03:14:07' AS DATETIME) WHERE id = 1;
UPDATE moments SET seen = CAST('2038-01-19 03:14:08' AS DATETIME) WHERE id = 1;
UPDATE moments SET seen = FROM_UNIXTIME(1), logged = FROM_UNIXTIME(2147483647) WHERE id = 1;
UPDATE moments SET seen = CAST('1970-01-01 00:00:00' AS DATETIME) WHERE id = 1;
UPDATE moments SET seen = CONCAT('1960', '-01-01') WHERE id = 1;
DELETE FROM moments WHERE logged = '2024-01-31 05:00:00';
INSERT INTO moments (label, seen, logged) SELECT label, at, seen FROM moments WHERE id < 6;
INSERT INTO moments (label, seen, logged) SELECT label, starts, ends FROM bookings WHERE id < 6;
INSERT INTO moments (id, label, logged) VALUES (1, 'q', '2024-01-01') ON DUPLICATE KEY UPDATE logged = VALUES(logged), label = 'r';
INSERT INTO moments (id, label, logged) VALUES (1, 'q', '2024-01-01') ON DUPLICATE KEY UPDATE logged = logged + INTERVAL 1 DAY, seen = NOW();
-- # TIMESTAMP in the session's time zone
-- {
SET time_zone = '+05:30';
SELECT id, seen, logged, at FROM moments ORDER BY id;
SELECT id FROM moments WHERE logged = '2024-01-31 10:30:00' ORDER BY id;
SELECT id FROM moments WHERE logged = '2024-01-31 05:00:00' ORDER BY id;
SELECT UNIX_TIMESTAMP(seen), HOUR(logged), DATE(seen), seen = at FROM moments ORDER BY id;
INSERT INTO moments (label, seen, logged, at) VALUES ('zoned', '2024-06-30 10:00:00.5', NOW(), '2024-06-30 10:00:00.5');
UPDATE moments SET logged = logged + INTERVAL 1 HOUR WHERE logged > '2024-01-01';
SET time_zone = '-08:00';
SELECT id, seen, logged, at FROM moments ORDER BY id;
SELECT id FROM moments WHERE seen = '2024-06-29 20:30:00.5' ORDER BY id;
UPDATE moments SET seen = CAST('2038-01-18 19:14:07' AS DATETIME) WHERE id = 1;
UPDATE moments SET seen = CAST('2038-01-18 19:14:08' AS DATETIME) WHERE id = 2;
UPDATE moments SET seen = CAST('1969-12-31 16:00:01' AS DATETIME) WHERE id = 2;
UPDATE moments SET seen = CAST('1969-12-31 16:00:00' AS DATETIME) WHERE id = 4;
SELECT id, seen, logged FROM moments ORDER BY id;
SET time_zone = '+00:00';
SELECT id, seen, logged FROM moments ORDER BY id;
-- }
