-- # Nesting and correlation
select id from users where email in (select email from accounts where user_id in (select user_id from orders where contact in (select email from users u2 where u2.id = orders.user_id or u2.nick = 'bob'))) order by id;
select u.id, (select (select (select max(a.secret) from accounts a where a.user_id = u.id) from vault v where v.id = 1) from notes n where n.id = 1) x from users u order by u.id;
select u.id from users u where u.email = (select a.email from accounts a where a.user_id = u.id order by a.id limit 1) order by 1;
select u.id from users u where u.age > (select avg(u2.age) from users u2 where u2.country <=> u.country) order by 1;
select u.id from users u where 2 > (select count(distinct u2.age) from users u2 where u2.country = u.country and u2.age > u.age) order by 1;
select (select count(*) from users where email is not null) - (select count(*) from accounts where email is not null) d;
select u.country, (select group_concat(u2.nick order by u2.id) from users u2 where u2.country = u.country) g from users u group by u.country order by 1;
select u.country, max(u.email) m from users u group by u.country having max(u.email) = (select max(u2.email) from users u2 where u2.country = u.country) order by 1;
select u.id from users u order by (select count(*) from accounts a where a.user_id = u.id) desc, (select min(a.secret) from accounts a where a.user_id = u.id), u.id;
select u.nick, count(*) from users u group by (select max(a.email) from accounts a where a.user_id = u.id), u.nick order by 1, 2;
select sum((select count(*) from accounts a where a.user_id = u.id and a.email like '%o%')) s from users u;
select case when exists (select 1 from accounts a where a.user_id = u.id) then (select min(a.email) from accounts a where a.user_id = u.id) else u.email end e from users u order by u.id;
select u.id from users u left join accounts a on a.user_id = u.id and a.email = (select max(a2.email) from accounts a2 where a2.user_id = u.id) where a.id is not null order by 1, a.id;
select u.id, v.secret from users u left join vault v on v.id = (select min(v2.id) from vault v2 where v2.pin <= u.age) order by u.id;
select * from (select * from (select * from (select id, email from users) a) b) c where email like 'b%' order by id;
select * from (select * from (select id, email e from users where age > 10) a where e > 'b') b natural join (select id, phone from users) c order by id;
select x.e, y.e from (select id, email e from users) x join (select id, email e from accounts) y on x.e = y.e order by x.id, y.id;
select x.id from (select id, phone p from users) x where x.p = '111' order by 1;
select x.id from (select id, phone p from users union all select id, phone from accounts) x where x.p = '111' order by 1;
select x.id from (select id, phone p from users union select id, phone from accounts) x where x.p in ('111', '222') order by 1;
select x.c from (select phone p, count(*) c from users group by phone) x where x.p = '111';
select x.id from (select id, phone p, row_number() over (partition by phone order by id) r from users) x where x.p = '111' order by 1;
select x.id from (select distinct id, phone p from users) x where x.p = '111' order by 1;
select x.id from (select id, phone p from users limit 5) x where x.p = '111' order by 1;
with x as (select id, phone p from users) select id from x where p = '111' order by 1;
with x as (select id, phone p from users) select a.id, b.id from x a join x b on a.p = b.p where a.p = '111' order by 1, 2;
with x(a, b) as (select id, phone from users), y as (select * from x where b = '222') select * from y order by 1;
with x as (select id, phone, email from users) select (select count(*) from x where phone = '111') a, (select count(*) from x where email = 'bob@y.org') b;
with u as (select * from accounts) select u.id, u.secret from u order by 1;
with users as (select * from users) select id, email from users order by id;
with users as (select 1 as id, 'x' as email) select * from users;
with users as (select id, concat('x-', email) as email from users where age > 20) select u1.email, u2.email from users u1 join {db}.users u2 on u1.id = u2.id order by u1.id;
with accounts as (select id, email from users), users as (select id, email from accounts) select * from users order by id;
with a as (with b as (with c as (select email, id from users) select * from c where id < 20) select * from b where id > 2) select * from a order by id;
select * from (with t as (select id, email from users) select * from t) s order by id;
select id, (with t as (select max(pin) m from accounts a where a.user_id = users.id) select m from t) from users order by id;
select id from users where email in (with t as (select email from accounts) select * from t) order by id;
with t as (select id, email from users) (select * from t where id < 5) union all (select * from t where id > 30) order by 1;
with t as (select id, email from users), s as (select id, secret from vault) select t.id, s.secret from t, s where t.id = s.id order by 1;
with t as (select email, count(*) n from users group by email having n > 1) select u.id from users u join t on t.email = u.email order by 1;
-- # Recursive
with recursive seq as (select 1 n union all select n + 1 from seq where n < 10) select seq.n, u.email from seq left join users u on u.id = seq.n order by 1;
with recursive t(id, nick, path) as (select id, nick, cast(nick as char(500)) from users where id = 1 union all select u.id, u.nick, concat(t.path, '>', ifnull(u.nick, '?')) from t join users u on u.id = t.id + 1 and u.id < 8) select * from t order by id;
with recursive t as (select id, age parent, 0 lvl from users where age is null union all select u.id, u.age, lvl + 1 from users u join t on u.age = t.id and lvl < 4) select * from t order by lvl, id;
with recursive t as (select id, age from users where id = 7 union select u.id, u.age from users u, t where u.id = t.age) select * from t order by 1;
with recursive t as (select phone p, id from users where id = 2 union distinct select u.phone, u.id from users u join t on u.phone = t.p) select * from t order by id;
with recursive t as (select email e, 1 n from users where id = 1 union all select concat('x', e), n + 1 from t where n < 3) select * from t order by n;
with recursive d as (select cast('2024-01-29' as date) d union all select d + interval 1 day from d where d < '2024-02-02') select d.d, count(b.id), group_concat(b.id order by b.id) from d left join bookings b on date(b.starts) = d.d group by d.d order by 1;
with recursive t as (select id, level from users where level = 3 union all select u.id, u.level from users u join t on u.level = t.level + 1) select level, count(*) from t group by level order by 1;
with recursive split as (select id, email rest, '' piece from users where email is not null union all select id, substring(rest, locate('@', rest) + 1), substring_index(rest, '@', 1) from split where rest like '%@%') select * from split order by id, piece, rest;
with recursive t as (select 1 as id, cast('' as char(100)) as s union all select id + 1, (select u.nick from users u where u.id = t.id) from t where id < 6) select * from t order by 1;
-- # Windows
select id, email, row_number() over w r, rank() over w k, dense_rank() over w d, percent_rank() over w p, cume_dist() over w c, ntile(3) over w n from users window w as (partition by country order by email, id) order by id;
select id, lag(email) over w a, lead(email, 2) over w b, first_value(email) over w c, last_value(email) over w d, nth_value(email, 2) over w e from users window w as (order by id) order by id;
select id, lag(email, 1, 'none') over (order by id) a, lead(nick, 1, email) over (order by id) b from users order by id;
select id, sum(age) over (order by id rows between 2 preceding and current row) a, avg(age) over (order by id rows between unbounded preceding and 1 following) b, count(email) over (order by id rows between 1 following and 3 following) c from users order by id;
select id, sum(visits) over (order by age range between 5 preceding and 5 following) a, count(*) over (order by age desc range unbounded preceding) b from users order by id;
select id, count(*) over (partition by nick) a, count(*) over (partition by left(email, 1)) b, max(email) over (partition by country) c from users order by id;
select id, sum(amount) over (partition by active order by born, id rows unbounded preceding) s from bookings order by id;
select id, count(*) over (order by born range between interval 1 month preceding and current row) s from bookings where born is not null order by id;
select id, count(*) over (order by starts range between interval 1 year preceding and interval 1 day following) s from bookings where starts is not null order by id;
select country, count(*) c, rank() over (order by count(*) desc, country) r, sum(count(*)) over () t from users group by country order by country;
select nick, max(age) m, row_number() over (order by max(age), nick) r from users group by nick order by r;
select id, row_number() over (order by email, id) - row_number() over (partition by country order by email, id) g from users order by 1;
select id, email, sum(age) over w1, count(*) over w2 from users window w1 as (partition by country), w2 as (w1 order by id) order by id;
select distinct country, first_value(email) over (partition by country order by email, id) f from users order by 1;
select id from users order by row_number() over (order by email desc, id), id limit 4;
select id, rank() over (order by email collate utf8mb4_bin) r from users order by id;
select id, row_number() over (partition by case when age > 30 then 'o' else 'y' end order by token, id) r from users order by id;
select a.id, sum(a.pin) over (partition by u.email order by a.id) s from accounts a join users u on u.id = a.user_id order by 1;
select id, sum(sum(age)) over (order by id) s from users group by id order by id;
select id, (select count(*) over () from accounts a where a.user_id = u.id limit 1) c from users u order by id;
-- # Rollup and grouping
select country, nick, count(*), sum(age) from users group by country, nick with rollup;
-- only: mysql
select country, nick, grouping(country) g1, grouping(nick) g2, grouping(country, nick) g, count(*) from users group by country, nick with rollup order by g, country, nick;
-- only: mysql
select country, max(email) from users group by country with rollup having grouping(country) = 1 or max(email) > 'm';
-- only: mysql
select if(grouping(nick), 'all', nick) k, count(*) c from users group by nick with rollup order by grouping(nick), nick;
-- only: mysql
select ifnull(active, 'x') k, sum(amount), avg(total), max(starts) from bookings group by active with rollup order by 2;
select active, year(born), sum(amount), count(distinct starts) from bookings group by active, year(born) with rollup;
select coalesce(country, 'total') k, count(*), max(nick), min(token), sum(score) from users group by country with rollup;
select left(email, 1) l, length(nick) n, count(*) from users where id < 20 group by l, n with rollup;
select age, count(*) from users group by age with rollup limit 5;
select email, phone, count(*) from users group by 1, 2 having count(*) > 1 order by 1, 2;
select nick from users group by nick having nick > 'a' and count(*) >= 1 order by nick desc;
select email as nick, count(*) from users group by email order by 1;
select nick as email, count(*) from users group by nick having email is not null order by email;
select upper(email) email from users having email like 'B%' order by email;
select id, concat(nick, '!') nick from users having nick = 'bob!' order by id;
select id i, email e from users having e = 'bob@y.org' and i > 2 order by i;
select count(*) c from users having c > 3;
select 1 from users having max(email) > 'x';
select max(email) from users having count(*) > 100;
select min(email), max(email), count(email), count(distinct email), group_concat(distinct country order by country) from users where email > 'b';
select group_concat(distinct nick order by nick desc separator ' / ') from users;
select country, group_concat(distinct upper(email) order by upper(email) separator ';') from users group by country order by country;
select country, group_concat(email, ':', age order by age desc, id) from users group by country order by country;
-- only: mariadb
select country, group_concat(email order by id limit 2) from users group by country order by country;
-- only: mariadb
select group_concat(nick order by id limit 1, 3) from users;
select json_arrayagg(email) from (select email from users order by id limit 3) x;
select json_objectagg(id, nick) from users where id < 5 and nick is not null;
select country, json_length(json_arrayagg(nick)) from users group by country order by 1;
select bit_and(level), bit_or(level), bit_xor(level), std(age), stddev_pop(age), stddev_samp(age), var_pop(age), var_samp(age) from users;
select sum(distinct age), avg(distinct age), count(distinct age, level) from users;
select any_value(country), max(nick) from users where country = 'DE';
-- only: mariadb
select id, median(age) over (partition by country) m from users order by id;
-- only: mariadb
select id, percentile_cont(0.5) within group (order by age) over (partition by country) m from users order by id;
