-- # User variables assigned in a SELECT
select @a := 1, email from users where id = 1;
-- {
set @n = 0;
select @n := @n + 1 as rn, email from users order by id;
-- }
-- {
set @cnt = 0, @prev = '';
select id, country, @cnt := if(@prev = country, @cnt + 1, 1) c, @prev := country p from users where country is not null order by country, id;
-- }
select id, email, @r := @r + 1 from users, (select @r := 0) init order by id;
select (@r := @r + 1) as rank_, u.email, u.phone from (select id, email, phone from users order by id) u, (select @r := 0) x;
select x.* from (select u.*, @r := @r + 1 as rn from users u join (select @r := 0) i order by u.id) x where x.rn <= 3 order by x.rn;
select id, email, country, @rn := if(@c <=> country, @rn + 1, 1) rn, @c := country from (select id, email, country from users order by country, id limit 100) t cross join (select @rn := 0, @c := null) v;
select * from (select id, @row := @row + 1 as r from users, (select @row := 0) x order by id) t where r between 3 and 5;
select id, @total := @total + ifnull(visits, 0) running from users, (select @total := 0) v where email like '%o%' order by id;
-- expect: refused TC_PLAINTEXT_ESCAPE
select @e := email from users where id = 1;
select id, @rn := if(@e = email, @rn + 1, 1), @x := 1 from users order by id;
-- expect: refused TC_PLAINTEXT_ESCAPE
select @e := e from (select email e from users where id = 1) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
select @e := t.e from (select concat(email, '') e, id from users where id = 1) t;
select @e := t.id from (select concat(email, '') e, id from users where id = 1) t;
select @e := id from (select concat(email, '') e, id from users where id = 1) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
select id from users where (@e := email) is not null;
-- expect: refused TC_PLAINTEXT_ESCAPE
select email as e from users order by @x := e, id;
-- expect: refused TC_PLAINTEXT_ESCAPE
select (select @x := u.email) from users u;
-- expect: refused TC_PLAINTEXT_ESCAPE
with t as (select email e, id from users) select @x := e from t;
with t as (select email e, id from users) select @x := max(id), count(e) from t;
-- expect: refused TC_PLAINTEXT_ESCAPE
with recursive t(a, b) as (select 1, cast(email as char(99)) from users where id = 1 union all select b, a from t where b <> '1') select @x := a from t;
-- expect: refused TC_PLAINTEXT_ESCAPE
select @x := (select max(email) from users);
select @x := (select max(id) from users where email is not null);
select @x := count(email), @y := count(distinct email) from users;
-- # INTO user variables
-- {
select count(*), max(id) into @c, @m from users where email like '%o%';
select @c, @m;
-- }
-- {
select id, username into @i, @u from users where phone = '111' order by id limit 1;
select @i, @u;
-- }
-- {
select count(email) from users into @c;
select @c;
-- }
-- {
select id from users where email = 'bob@y.org' limit 1 into @x;
select @x;
-- }
-- {
select id, username into @i, @u from users where phone = 'nobody';
select @i, @u;
-- }
select id into @i from users where email is not null;
-- expect: refused TC_PLAINTEXT_ESCAPE
select email into @e from users where id = 1;
-- expect: refused TC_PLAINTEXT_ESCAPE
select * into @a, @b from (select id, email from users where id = 1) t;
-- expect: refused TC_PLAINTEXT_ESCAPE
select max(nick) from users into @e;
-- # SET with a subquery
-- {
set @n = (select count(*) from users);
select @n;
-- }
-- {
set @n = (select max(id) from users where email is not null), @m = 1;
select @n, @m;
-- }
-- {
set @n := (select id from users where phone = '111' order by id limit 1) + 1;
select @n;
-- }
-- {
set @x = exists (select 1 from users where email = 'bob@y.org');
select @x;
-- }
set @n = (select id from users);
-- expect: refused TC_PLAINTEXT_ESCAPE
set @e = (select email from users where id = 1);
-- expect: refused TC_PLAINTEXT_ESCAPE
set @e = (select e from (select email e from users where id = 1) t);
-- expect: refused TC_UNSUPPORTED_SQL
set @n = (select count(*) from users), sql_mode = '';
-- expect: refused TC_PLAINTEXT_ESCAPE
set @n = 1, @e = (select max(email) from users);
-- params: ["111"]
set @n = (select count(*) from users where phone = ?);
