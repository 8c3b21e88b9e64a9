-- # Notes of values that are cut where it does not count
INSERT INTO users (username, nick, code, phone) VALUES ('n1', 'twenty characters...   ', 'abc  ', 'x'), ('n2', 'a', 'abcde   ', 'b');
INSERT INTO bookings (label, amount, total) VALUES ('n', 1.239, '1.23456'), ('m', 1.23, 1), ('o', '1.2', 0.00001);
INSERT INTO bookings (label, amount) VALUES ('n', 1.239e0);
INSERT INTO bookings SET label = 'n', amount = 1.999, born = '2024-01-31 10:00:00';
INSERT INTO bookings (label, born) VALUES ('n', '2024-01-31 00:00:00'), ('o', '2024-01-31 23:59:59.9'), ('p', 20240131100000), ('q', '2024-01-31 00:00:00.3');
INSERT INTO bookings (label, ends) VALUES ('n', '2024-01-31 23:59:59.9');
INSERT INTO users (username, age, level) VALUES ('n', ' 12 ', '7  '), ('m', '  5', '5.');
INSERT INTO bookings (label, amount, ratio) VALUES ('n', ' 1.5 ', ' 1.5 '), ('o', '1.555 ', '2  ');
UPDATE users SET nick = 'twenty characters...   ' WHERE id < 9;
UPDATE bookings SET amount = 1.239, total = 2.00001 WHERE id IN (1, 2, 999);
UPDATE bookings SET amount = 1.239 WHERE id = 999;
UPDATE bookings SET amount = 1.239, born = '2024-01-31 10:00:00' ORDER BY id LIMIT 3;
REPLACE INTO vault VALUES (1, 'first', CONCAT('a', 'b'), ' 5 ');
INSERT INTO bookings (id, label, amount) VALUES (1, 'n', 1.239) ON DUPLICATE KEY UPDATE label = 'm';
INSERT INTO users (username, nick, country) VALUES ('n1', 'twenty characters...   ', 'DE  '), ('n2', 'twenty characters...   ', 'DE');
-- only: mariadb
INSERT INTO bookings (label, amount) VALUES ('n', 1.239) RETURNING label, amount;
-- {
SET sql_notes = 0;
INSERT INTO bookings (label, amount) VALUES ('n', 1.239);
UPDATE bookings SET amount = 1.239 WHERE id < 4;
-- }
-- # The same with parameters
-- params: ["n1", "twenty characters...   ", " 12 "]
INSERT INTO users (username, nick, age) VALUES (?, ?, ?);
-- params: ["n", 1.239, "2024-01-31 10:00:00", "m", "2.999"]
INSERT INTO bookings (label, amount, born) VALUES (?, ?, ?), (?, ?, 20240131100000);
-- params: ["1.239", "x", 5]
UPDATE bookings SET amount = ?, label = ? WHERE id < ?;
-- # Values that are cut, without strict sql_mode
-- {
SET sql_mode = '';
INSERT INTO users (username, phone) VALUES ('n', REPEAT('x', 3)), ('m', '0123456789012345678901234567890123456789');
-- }
-- {
SET sql_mode = '';
INSERT INTO users (username, nick) VALUES ('n', 'zwölf Boxkämpfer jagen Eva'), ('m', 'twenty characters...   '), ('o', 'twenty characters...  x'), ('p', '😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀');
-- }
-- {
SET sql_mode = '';
INSERT INTO users (username, code) VALUES ('n', 'abcdefg'), ('m', 'ab    x'), ('o', 1234567);
-- }
-- {
SET sql_mode = '';
INSERT INTO users (username, token) VALUES ('n', '0123456789abcdefg'), ('m', X'000102030405060708090A0B0C0D0E0F10'), ('o', 12345678901234567);
-- }
-- {
SET sql_mode = '';
INSERT INTO users (username, level) VALUES ('n0', 300), ('n1', -300), ('n2', '300'), ('n3', '12abc'), ('n4', '300abc'), ('n5', 'abc'), ('n6', ''), ('n7', ' '), ('n8', '  12  '), ('n9', '12.7abc'), ('n10', '-'), ('n11', '-5x'), ('n12', '1e2x'), ('n13', '1 2'), ('n14', '0x1F'), ('n15', '.5x'), ('n16', '12.'), ('n17', 1e30), ('n18', -1.5), ('n19', 2.5);
-- }
-- {
SET sql_mode = '';
INSERT INTO users (username, score) VALUES ('n0', -1), ('n1', '-1'), ('n2', 18446744073709551616), ('n3', '99999999999999999999999'), ('n4', -1.5), ('n5', '-0.4'), ('n6', -1e0), ('n7', '12x');
-- }
-- {
SET sql_mode = '';
INSERT INTO bookings (label, amount) VALUES ('n0', 12345678901), ('n1', '123456789012.678'), ('n2', '12abc'), ('n3', '12.345abc'), ('n4', 'abc'), ('n5', ''), ('n6', -12345678901), ('n7', 1e30), ('n8', ' 1.5 '), ('n9', '1.555 '), ('n10', 1.239), ('n11', '1e40');
-- }
-- {
SET sql_mode = '';
INSERT INTO bookings (label, total) VALUES ('n', -1), ('m', -0.00001), ('o', '-5');
-- }
-- {
SET sql_mode = '';
INSERT INTO bookings (label, ratio) VALUES ('n0', '1.5abc'), ('n1', 'abc'), ('n2', ''), ('n3', '1e400'), ('n4', '-1e400');
-- }
-- {
SET sql_mode = '';
INSERT INTO users SET username = 'n', age = '5x', nick = 'twenty characters and more', country = 'DEU';
-- }
-- {
SET sql_mode = '';
UPDATE users SET level = 300, nick = 'twenty characters and more' WHERE id < 9;
-- }
-- {
SET sql_mode = '';
UPDATE users SET level = 'x' WHERE id = 999;
-- }
-- {
SET sql_mode = '';
UPDATE users SET level = '12abc', country = 'DEU' WHERE id < 4;
-- }
-- {
SET sql_mode = '';
REPLACE INTO accounts (id, pin) VALUES (1, -5), (2, 'x');
-- }
INSERT IGNORE INTO users (username, level, nick) VALUES ('n', 300, 'twenty characters and more'), ('m', 1, 'a'), ('o', 'x', 'twenty characters...   ');
UPDATE IGNORE users SET level = 300 WHERE id < 9;
INSERT IGNORE INTO bookings (label, amount) VALUES ('n', 'x');
-- params: ["n", "twenty characters and more", "300", "12abc", 300, "m", "b", "1", "abc", 5]
-- {
SET sql_mode = '';
INSERT INTO users (username, nick, level, age, score) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?);
-- }
-- params: ["twenty characters and more", 300, 9]
-- {
SET sql_mode = '';
UPDATE users SET nick = ?, level = ? WHERE id < ?;
-- }
-- # What stays refused
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_mode = '';
INSERT INTO users (id, username) VALUES (1, 'user1') ON DUPLICATE KEY UPDATE level = 300;
-- }
-- expect: refused TC_UNSUPPORTED_SQL
-- {
SET sql_mode = '';
UPDATE users u JOIN orders o ON o.user_id = u.id SET u.level = 300;
-- }
