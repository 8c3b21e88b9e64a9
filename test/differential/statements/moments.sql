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
-- # TIME
SELECT id, opens, closes, hour FROM moments ORDER BY id;
SELECT id FROM moments WHERE opens = '9:00' ORDER BY id;
SELECT id FROM moments WHERE closes = '09:00:00' ORDER BY id;
SELECT id FROM moments WHERE closes = TIME'23:30:00' OR opens = 90000 ORDER BY id;
SELECT id FROM moments WHERE closes IN ('9:0:0', '100:00:00', '-1:00') ORDER BY id;
SELECT id FROM moments WHERE opens > '9:30' AND closes < '100:00:00' ORDER BY opens, id;
SELECT id FROM moments WHERE opens BETWEEN '9:00' AND '10:00:00.5' ORDER BY id;
SELECT id FROM moments WHERE NOT (opens <= '9:00') OR closes > 95959 ORDER BY id;
SELECT id, opens = '9:00', closes IN ('9:00', '1:00'), opens < closes, closes <=> hour FROM moments ORDER BY id;
SELECT id FROM moments WHERE CASE WHEN opens = '9:00' THEN TRUE END ORDER BY id;
SELECT id FROM moments WHERE (closes, id) = ('9:00', 5) OR '9:00' = opens ORDER BY id;
SELECT id FROM moments WHERE closes = hour ORDER BY id;
-- params: ["9:00"]
SELECT id FROM moments WHERE opens = ? ORDER BY id;
-- params: ["9:00", "23:30:00"]
SELECT id FROM moments WHERE closes IN (?, ?) ORDER BY id;
-- params: ["9:30"]
SELECT id FROM moments WHERE opens > ? ORDER BY id;
SELECT HOUR(opens), opens + 0, closes * 1, CONCAT(opens), TIME_TO_SEC(closes), closes + INTERVAL 1 HOUR, ADDTIME(opens, '1:0'), TIMEDIFF(closes, '1:00:00'), MICROSECOND(opens) FROM moments ORDER BY id;
SELECT MIN(opens), MAX(closes), COUNT(DISTINCT opens), SUM(closes), GROUP_CONCAT(opens ORDER BY id) FROM moments;
SELECT closes, COUNT(*) FROM moments GROUP BY closes HAVING closes > '9:30' ORDER BY closes;
SELECT COALESCE(opens, closes), IFNULL(closes, 'x'), GREATEST(opens, '9:30'), IF(id = 1, opens, NULL), NULLIF(closes, '9:00'), CASE closes WHEN '9:00' THEN 'y' ELSE 'n' END FROM moments ORDER BY id;
SELECT DISTINCT opens FROM moments ORDER BY opens;
SELECT opens FROM moments UNION SELECT hour FROM moments ORDER BY 1;
SELECT m.id, n.id FROM moments m JOIN moments n ON m.closes = n.closes WHERE n.opens = '9:00' ORDER BY m.id, n.id;
SELECT d.id FROM (SELECT id, closes FROM moments WHERE opens IS NOT NULL) d WHERE d.closes = '9:00' ORDER BY d.id;
WITH c AS (SELECT id, closes FROM moments) SELECT id FROM c WHERE closes IN ('9:00', '23:30') ORDER BY id;
SELECT id FROM users WHERE id IN (SELECT id FROM moments WHERE closes = '9:00') ORDER BY id;
SELECT id, (SELECT n.closes FROM moments n WHERE n.id = m.id AND n.closes = '9:00') AS s FROM moments m ORDER BY id;
SELECT JSON_OBJECT('a', opens, 'b', closes) FROM moments WHERE id < 4 ORDER BY id;
SELECT id FROM moments WHERE closes LIKE '09%' ORDER BY id;
SELECT id, ROW_NUMBER() OVER (ORDER BY opens, id) AS n, LAG(closes) OVER (ORDER BY id) AS l FROM moments ORDER BY id;
SELECT * FROM moments WHERE closes = '9:00' ORDER BY id LIMIT 2;
SELECT id FROM moments WHERE closes = '9:00' ORDER BY id FOR UPDATE;
INSERT INTO moments (label, opens, closes) VALUES ('n', '10:00:00.1239', '10:59:59.9'), ('m', '-0:0:0.0001', '1:2:3'), ('o', 101112, -101112), ('p', '838:59:59', NULL), ('q', 5, '10:5');
INSERT INTO moments (label, opens) VALUES ('n', '839:00:00');
INSERT INTO moments (label, opens) VALUES ('n', '10:61:00');
INSERT INTO moments (label, opens) VALUES ('n', 'abc');
INSERT INTO moments (label, opens) VALUES ('n', 99);
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO moments (label, opens) VALUES ('n', '1 10:00:00');
-- expect: refused TC_UNSUPPORTED_SQL
INSERT INTO moments (label, opens) VALUES ('n', '2024-01-31 10:00:00');
-- params: ["10:00:00.5"]
INSERT INTO moments (label, closes) VALUES ('n', ?);
-- params: ["839:00:00"]
UPDATE moments SET closes = ? WHERE id = 1;
INSERT INTO moments (label, opens, closes) VALUES ('n', CURTIME(3), TIME('2024-01-31 10:11:12')), ('m', ADDTIME('10:00:00', '0:30:00'), SEC_TO_TIME(3600));
INSERT INTO moments (label, opens, closes) SELECT label, closes, opens FROM moments WHERE id < 6 AND closes = '9:00';
INSERT INTO moments (id, label, closes) VALUES (1, 'q', '9:00') ON DUPLICATE KEY UPDATE closes = VALUES(closes);
UPDATE moments SET closes = '9:30', opens = NULL WHERE id < 4;
UPDATE moments SET closes = CONCAT('12', ':00:00') WHERE id = 1;
UPDATE moments SET closes = 'x' WHERE id = 1;
-- expect: mysql refused TC_UNSUPPORTED_SQL
UPDATE moments SET label = 'nine' WHERE closes = '9:00';
-- expect: mysql refused TC_UNSUPPORTED_SQL
UPDATE moments SET closes = ADDTIME(closes, '1:00:00') WHERE closes < '9:30';
-- expect: mysql refused TC_UNSUPPORTED_SQL
DELETE FROM moments WHERE closes = '9:00';
UPDATE moments m JOIN moments n ON m.id = n.id SET m.label = 'nine' WHERE n.closes = '9:00';
UPDATE moments SET label = 'nine' WHERE id IN (SELECT id FROM (SELECT id FROM moments WHERE closes = '9:00') x);
-- expect: differs metadata, prepare: the view of a TIME is a copy, whose columns have no keys
-- only: mysql
SELECT d.id FROM (TABLE moments) AS d WHERE d.closes = '9:00' ORDER BY d.id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
INSERT INTO moments (id, label, closes) VALUES (1, 'q', '9:00') ON DUPLICATE KEY UPDATE label = 'r', closes = IF(VALUES(closes) = '9:0', '10:00:00', NULL);
