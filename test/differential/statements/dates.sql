-- # Bounds of different types
select id from bookings where born between '2000-01-01' and 20001231 order by 1;
select id from bookings where born between 20000101 and '2000-12-31' order by 1;
select id from bookings b where b.born not between (20000101) and '2000-12-31' order by 1;
select id from bookings where born between date '2000-01-01' and 20001231 order by 1;
select id from bookings where born between 20000101 and curdate() order by 1;
select id from bookings where born between 20000101 and concat('2000', '-12-31') order by 1;
select id from bookings where born between 20000101 and null order by 1;
-- expect: mysql differs warnings: a number that is cut for a DATE, or is none, warns once, of a DATETIME
select id from bookings where born between '2000-01-01' and 20001231101010 order by 1;
select id from bookings where born between '2000-01-01' and 0 order by 1;
-- expect: mysql differs warnings: a number that is cut for a DATE, or is none, warns once, of a DATETIME
select id from bookings where born between '2000-01-01' and 99 order by 1;
-- expect: mysql differs warnings: a number that is cut for a DATE, or is none, warns once, of a DATETIME
select id from bookings where born between '2000-01-01' and 20001231.7 order by 1;
select id from bookings where starts between 20240101000000 and '2024-12-31' order by 1;
select id from bookings where starts between '2024-01-01' and 20241231000000 order by 1;
select id from bookings where starts between '2024-01-01' and 20240131103000.5 order by 1;
select id from bookings where starts not between 20240101000000 and '2024-12-31' order by 1;
select id from bookings where starts between 20240101 and '2024-12-31' order by 1;
select id from bookings where starts between timestamp'2024-01-01 00:00:00' and 20241231000000 order by 1;
select id, born between '2000-01-01' and 20001231 from bookings order by id;
select id from bookings b where b.starts between 20240101000000 and '2024-12-31' or b.amount between 1 and '20' order by 1;
select b.id from bookings b join users u on u.id = b.id and b.starts between 20240101000000 and '2024-12-31' order by 1;
select id from bookings where born between '2000-01-01' and 20001231 and starts is not null group by id having min(born) between '1999-01-01' and 20200101 order by 1;
-- params: ["2000-01-01", 20001231]
select id from bookings where born between ? and ? order by 1;
-- params: [20240101000000, "2024-12-31"]
select id from bookings where starts between ? and ? order by 1;
-- params: [20001231]
select id from bookings where born between '2000-01-01' and ? order by 1;
select id from bookings where ratio between '0' and 2 order by 1;
select id from bookings where total between '0' and 3e10 order by 1;
select id from bookings where active between '0' and 1 order by 1;
-- # Numbers as dates
select id from bookings where starts > 20240131 order by 1;
select id from bookings where starts >= 240131 order by 1;
select id from bookings where starts = 20240131103000 order by 1;
select id from bookings where starts = 20240131103000.5 order by 1;
select id from bookings where 20240131 < starts order by 1;
select id from bookings where starts in (20240131103000.5, 20231231) order by 1;
select id from bookings where starts not in (20240131103000.5, 20231231) order by 1;
select id from bookings where starts <=> 20240131 order by 1;
select id from bookings where born = 20000131 order by 1;
select id from bookings where born = 000131 order by 1;
select id from bookings where born = 20000131000000 order by 1;
select id from bookings where born <> 20000131 order by 1;
select id from bookings where born < 991231 order by 1;
select id from bookings where not (born >= 20000101) order by 1;
select id from bookings where not (starts >= 20240101) order by 1;
select id from bookings where born = 0 order by 1;
select id from bookings where born > 0 order by 1;
select id from bookings where (born, id) = (20000131, 8) order by 1;
select id from bookings where (starts, id) > (20240131, 3) order by 1;
select id from bookings where born in (20000131, '1999-12-31', null) order by 1;
select id, born = 20000131, starts > 20240131 x from bookings order by id;
select id from bookings where ends between 20240101 and 20240201 order by 1;
select count(*) from bookings group by born having born > 20000101;
select id from bookings where case when starts > 20240131 then 1 else 0 end order by 1;
-- params: [20240131]
select id from bookings where starts > ? order by 1;
-- params: [20240131, 20231231]
select id from bookings where starts in (?, ?) order by 1;
-- params: [20000131]
select id from bookings where born = ? order by 1;
-- # Time zone offsets in strings
-- expect: mysql refused TC_UNSUPPORTED_SQL
SELECT id FROM bookings WHERE starts > '2024-01-31 08:00:00+00:00' ORDER BY id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
SELECT id FROM bookings WHERE starts = '2024-01-31T10:30:00.500-02:00' ORDER BY id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
SELECT id FROM bookings WHERE ends IN ('2024-01-31 11:00:00', '2024-02-29 11:00:00+01:00') ORDER BY id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
-- params: ["2024-01-31 08:00:00+00:00"]
SELECT id FROM bookings WHERE starts >= ? ORDER BY id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
-- params: ["2024-01-31 10:30:00.500+00:00"]
SELECT id FROM bookings WHERE starts = ? ORDER BY id;
-- params: ["2024-01-31 08:00:00"]
SELECT id FROM bookings WHERE starts >= ? AND label <> 'a+01:00' ORDER BY id;
-- expect: mysql refused TC_UNSUPPORTED_SQL
DELETE FROM bookings WHERE starts < '2024-01-31 08:00:00+00:00';
SELECT id FROM bookings WHERE created = '2024-01-31 08:00:00+00:00' OR starts < '2024-01-31 08:00:00' ORDER BY id;
