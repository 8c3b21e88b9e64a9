-- # Dates
select id, born + interval 1 day, born - interval 1 month, date_add(starts, interval '1:30' minute_second), date_sub(starts, interval 90 minute), adddate(born, 31), subdate(born, interval 1 year) from bookings where born < '9000-01-01' order by id;
select id, datediff(starts, born), timestampdiff(month, born, starts), timestampdiff(second, starts, ends), timediff(starts, ends), to_days(born), unix_timestamp(starts) from bookings order by id;
select id, year(born), month(starts), day(born), hour(starts), minute(starts), second(starts), microsecond(starts), quarter(born), week(born), weekday(born), dayofweek(born), dayofyear(born), dayname(born), monthname(starts), last_day(born), yearweek(born, 1) from bookings order by id;
select id, date(starts), time(starts), date_format(starts, '%W %d.%m.%Y %H:%i:%s.%f'), time_format(ends, '%H.%i'), str_to_date(date_format(born, '%d/%m/%Y'), '%d/%m/%Y'), extract(year_month from starts), extract(day_microsecond from starts) from bookings order by id;
select id, cast(born as char), cast(starts as date), cast(starts as time), cast(born as datetime), cast(starts as unsigned), born + 0, starts + 0, cast(born as signed), concat(born, '|', starts) from bookings order by id;
select id, greatest(born, starts), least(born, ends), coalesce(born, starts), ifnull(born, 'none'), if(active, born, starts), case when active then starts else ends end, nullif(born, '2000-01-31') from bookings order by id;
select id, addtime(starts, '01:00:00'), subtime(ends, '00:30:00.5'), timestamp(born), timestamp(born, '10:00'), makedate(year(born), 60), maketime(hour(starts), 0, 0), sec_to_time(time_to_sec(starts)), period_diff(date_format(starts, '%Y%m'), 202401), from_days(to_days(starts)) from bookings order by id;
select id from bookings where born = '2000-01-31' order by 1;
select id from bookings where born = 20000131 order by 1;
select id from bookings where born = '2000-1-31' order by 1;
select id from bookings where born = '20000131' order by 1;
select id from bookings where born = '2000-01-31 00:00:00' order by 1;
select id from bookings where born = '2000-01-31 10:00:00' order by 1;
select id from bookings where born = date '2000-01-31' order by 1;
select id from bookings where born = timestamp '2000-01-31 00:00:00' order by 1;
select id from bookings where born = {d '2000-01-31'} order by 1;
select id from bookings where born in ('2000-01-31', '1999-12-31') order by 1;
select id from bookings where born in (20000131, '1999-12-31') order by 1;
select id from bookings where born in ('2000-01-31', null, '1999-12-31 00:00:00') order by 1;
select id from bookings where born > 20000101 and born < '2030-01-01' order by 1;
select id from bookings where born < curdate() and starts < now() order by 1;
select id from bookings where born = curdate() - interval 1 day order by 1;
select id from bookings where starts = '2024-01-31 10:30:00.500' order by 1;
select id from bookings where starts = '2024-01-31 10:30:00.5' order by 1;
select id from bookings where starts >= '2024-01-31' and starts < '2024-02-01' order by 1;
select id from bookings where starts in (20240131103000, '2023-12-31 23:59:59.999') order by 1;
select id from bookings where starts = 20240131103000.5 order by 1;
select id from bookings where '2000-06-01' between born and starts order by 1;
select id from bookings where 20000601 between born and starts order by 1;
select id from bookings where born between starts and ends order by 1;
select id from bookings where born between '2000-01-01' and curdate() order by 1;
select id from bookings where born = starts order by 1;
select id from bookings where date(starts) = born order by 1;
select id from bookings where born like '2000-%' order by 1;
select id from bookings where born <=> '2000-01-31' or born <=> null order by 1;
select id from bookings where year(born) = 2000 and month(born) in (1, 2) order by 1;
select year(starts) y, month(starts) m, count(*), sum(amount), min(starts), max(ends), avg(ratio) from bookings group by y, m order by y, m;
select date(starts) d, count(distinct born) from bookings group by d having d is not null order by d;
select min(born), max(born), min(starts), max(ends), sum(amount), avg(amount), sum(total), avg(total), sum(ratio), count(distinct amount), sum(born), avg(active), sum(active) from bookings where ratio < 1e20;
select id, cast(amount as signed), cast(total as char), cast(ratio as decimal(30,2)), amount = 12.5, amount in (12.50, '9.99'), total > 1e9, amount <=> null, ifnull(amount, 0), coalesce(ratio, amount), greatest(amount, total), if(active, amount, total) from bookings where ratio < 1e20 order by id;
select id from bookings where amount = '12.5' order by 1;
select id from bookings where amount = 12.50 order by 1;
select id from bookings where amount = 1.25e1 order by 1;
select id from bookings where amount = '12.5x' order by 1;
select id from bookings where amount in (12.5, '9.99', 100) order by 1;
select id from bookings where amount in (12.5, 9.99, 100) order by 1;
select id from bookings where amount between '9' and '13' order by 1;
select id from bookings where amount between 9.99 and '100' order by 1;
select id from bookings where amount > '9' order by 1;
select id from bookings where (amount, active) = (12.5, 1) order by 1;
select id from bookings where (amount, born) in ((12.5, '2000-01-31'), (12.50, '1999-12-31')) order by 1;
select id from bookings where active order by 1;
select id from bookings where not active order by 1;
select id from bookings where active = true order by 1;
select id from bookings where active is false order by 1;
select id from bookings where active in (true, null) order by 1;
select id from bookings where active = '1' order by 1;
select id from bookings where ratio = 1.5 order by 1;
select id from bookings where ratio = '1.5' order by 1;
select id from bookings where ratio in (1.5, '0.1', 30) order by 1;
select id from bookings where ratio between 0 and '2' order by 1;
select amount, count(*) from bookings group by amount order by amount;
select born, count(*) from bookings group by born with rollup;
select ratio, group_concat(id order by id) from bookings group by ratio order by ratio;
select active, ratio, count(*) from bookings group by active, ratio having active = 1 order by 1, 2;
select distinct born from bookings order by born desc;
select distinct amount, active from bookings order by 1, 2;
-- # JSON
select id, json_object('e', email, 'a', age, 's', score, 'n', null) from users order by id;
select id, json_array(email, age, nick, token is null, created_at) from users order by id;
select id, json_quote(nick), json_unquote(json_quote(email)), json_valid(bio), json_type(json_array(email)), json_length(json_array(email, nick)) from users where nick is not null and email is not null order by id;
select id, json_extract(json_object('x', nick), '$.x') = nick, json_unquote(json_extract(json_object('x', email), '$.x')) from users order by id;
select id, json_set('{}', '$.e', email, '$.a', age), json_merge_patch('{"k":1}', json_object('e', nick)), json_contains(json_array(nick, 'x'), json_quote(ifnull(nick, 'q'))), json_search(json_array(nick, email), 'one', 'bob') from users order by id;
select id, json_keys(json_object(ifnull(nick, 'k'), 1)), json_depth(json_array(json_array(email))), json_contains_path(json_object('a', nick), 'one', '$.a', '$.b') from users order by id;
select json_arrayagg(json_object('i', id, 'e', email)) from (select * from users order by id) x where id < 4;
select country, json_objectagg(id, email) from users where id < 5 group by country order by country;
-- only: mysql
select id from users where nick member of ('["bob", "anna"]') order by 1;
-- only: mysql
select id from users where age member of (json_array(30, 7)) order by 1;
-- only: mysql
select id, json_value(json_object('e', email, 'a', age), '$.e' returning char(50)), json_value(json_object('a', age), '$.a' returning signed) from users order by id;
-- only: mysql
select id, x->>'$.e' e from (select id, json_object('e', email) x from users) t order by id;
-- only: mysql
select id from users where json_overlaps(json_array(nick), '["bob"]') order by id;
-- only: mysql
select id, json_pretty(json_object('n', nick)), json_storage_size(json_array(nick)) > 0 from users where id < 4 order by id;
select id, j.* from users, json_table(json_object('e', email, 'p', json_array(phone, nick)), '$' columns (e varchar(80) path '$.e', nested path '$.p[*]' columns (n for ordinality, p varchar(40) path '$' default '"d"' on empty null on error))) j where id < 6 order by id, n;
-- only: mariadb
select id, json_value(json_object('e', email), '$.e'), json_query(json_object('e', json_array(nick)), '$.e'), json_exists(json_object('e', email), '$.e'), json_compact(json_array(nick)), json_detailed(json_array(email)) from users order by id;
-- # User variables
-- {
set @p = '111', @q = '222';
select id from users where phone = @p or phone = @q order by id;
select id from users where phone in (@p, @q) order by id;
select @p, id from users where (phone, id) = (@p, 2) order by id;
-- }
-- {
set @cnt = 0, @prev = '';
select id, country, @cnt := if(@prev = country, @cnt + 1, 1) c, @prev := country p from users where country is not null order by country, id;
-- }
select * from (select id, @row := @row + 1 as r from users, (select @row := 0) x order by id) t where r between 3 and 5;
-- {
set @e = 'bob@y.org';
select id from users where email = @e;
set @l = 3;
select id from users where age > @l order by id;
-- }
-- # Locking and misc
select id from users where phone = '111' order by id for update;
select u.id from users u join accounts a on a.user_id = u.id order by 1, a.id for update;
-- only: mysql
select u.id from users u join accounts a on a.user_id = u.id order by 1, a.id for update of u;
-- only: mysql
select u.id from users u join accounts a on a.user_id = u.id order by 1, a.id for share of a skip locked;
-- only: mysql
select u.id from users u join orders o on o.user_id = u.id order by 1, o.id for update of o nowait for share of u;
select id from users order by id limit 3 for update skip locked;
select id from users order by id limit 3 for update nowait;
select id from users order by id limit 3 lock in share mode;
select id from users where id in (select user_id from accounts) order by id for update;
(select id from users where id = 1) for update;
select id, email from users where email = 'bob@y.org' limit 1 for update;
-- only: mariadb
select id from users order by id limit 2 for update wait 1;
select * from (select id, email from users order by id limit 2 for update) x order by id;
with t as (select id, email from users where id < 4) select * from t order by id for update;
(select id from users where id = 1 for update) union (select id from accounts where id = 1 for update) order by 1;
