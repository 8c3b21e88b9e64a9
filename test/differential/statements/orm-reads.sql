-- # ORM Hibernate
select u1_0.id,u1_0.tenant_id,u1_0.email,u1_0.phone from users u1_0 left join accounts a1_0 on u1_0.id=a1_0.user_id where lower(u1_0.email) like lower('%ANNA%') escape '!' order by u1_0.email,u1_0.id limit 5 offset 1;
select u1_0.id,a1_0.user_id,a1_0.id,a1_0.secret,a1_0.email from users u1_0 join accounts a1_0 on u1_0.id=a1_0.user_id where u1_0.id in (1,2,4,5,7) order by u1_0.id, a1_0.id;
select count(distinct u1_0.id) from users u1_0 left join accounts a1_0 on u1_0.id=a1_0.user_id where a1_0.email is not null and u1_0.nick<>'';
select case when u1_0.age>=18 then 'adult' when u1_0.age is null then 'unknown' else 'minor' end,count(u1_0.id) from users u1_0 group by 1 order by 1;
select distinct u1_0.email,u1_0.id from users u1_0 left join orders o1_0 on o1_0.user_id=u1_0.id and o1_0.status='paid' where o1_0.id is null order by u1_0.id desc;
-- params: ["bob@y.org", 10]
select u1_0.id,u1_0.email from users u1_0 where u1_0.email=? limit ?;
-- params: ["bob@y.org", 1, 10]
select u1_0.id,u1_0.email from users u1_0 where u1_0.email<>? order by u1_0.id limit ?,?;
-- params: ["a%", "\\"]
select u1_0.id,u1_0.email from users u1_0 where u1_0.email like ? escape ? order by 1;
-- params: ["a!%b%"]
select u1_0.id,u1_0.email from users u1_0 where u1_0.email like ? escape '!' order by 1;
select u1_0.id, (select max(a2_0.pin) from accounts a2_0 where a2_0.user_id=u1_0.id) from users u1_0 where (select count(*) from accounts a3_0 where a3_0.user_id=u1_0.id and a3_0.secret is not null)>0 order by 1;
select t1_0.clazz_,t1_0.id,t1_0.email,t1_0.secret from (select id, tenant_id, email, null as secret, 1 as clazz_ from users union all select id, tenant_id, email, secret, 2 as clazz_ from accounts) t1_0 where t1_0.email is not null order by t1_0.clazz_, t1_0.id;
select t1_0.clazz_, count(*), min(t1_0.email) from (select id, email, 1 as clazz_ from users union all select id, email, 2 as clazz_ from accounts union all select id, secret, 3 from vault) t1_0 group by t1_0.clazz_ order by 1;
select u1_0.id,u1_0.version from (select id, visits as version, email from users) u1_0 where u1_0.email is null order by 1;
select u.* from users u where (u.email, u.id) > ('bob', 3) order by u.email, u.id limit 4;
select u.id from users u where u.email>'bob' or (u.email='bob' and u.id>3) order by u.email, u.id limit 7;
select u.id from users u where (u.created_at < '2025-05-01' or (u.created_at = '2025-05-15 05:30:00' and u.id < 30)) order by u.created_at desc, u.id desc limit 3;
select u.id, row_number() over(order by u.email, u.id) rn from users u order by rn limit 6;
select * from (select u.id c0, u.email c1, row_number() over(partition by u.country order by u.email, u.id) rn from users u) r where r.rn <= 2 order by r.c0;
-- # ORM Django
SELECT `users`.`id`, `users`.`email` FROM `users` WHERE `users`.`email` LIKE BINARY 'anna%' ORDER BY `users`.`id` ASC LIMIT 21;
SELECT `users`.`id`, `users`.`email` FROM `users` WHERE `users`.`email` LIKE '%ANNA%' ORDER BY `users`.`id` ASC LIMIT 21;
-- only: mariadb
SELECT `users`.`id` FROM `users` WHERE `users`.`email` REGEXP BINARY '^[A-Z]' ORDER BY 1;
SELECT `users`.`id` FROM `users` WHERE `users`.`email` REGEXP '^[a-c]' ORDER BY 1;
-- only: mysql
SELECT `users`.`id` FROM `users` WHERE REGEXP_LIKE(`users`.`email`, '^[A-Z]', 'c') ORDER BY 1;
SELECT (1) AS `a` FROM `users` WHERE `users`.`email` = 'anna@x.com' LIMIT 1;
SELECT COUNT(*) AS `__count` FROM `users` WHERE NOT (`users`.`email` = 'bob@y.org' AND `users`.`email` IS NOT NULL);
SELECT COUNT(*) FROM (SELECT DISTINCT `users`.`email` AS `col1`, `users`.`country` AS `col2` FROM `users`) subquery;
SELECT `users`.`country`, COUNT(`users`.`id`) AS `n`, AVG(`users`.`age`) AS `avg_age` FROM `users` GROUP BY `users`.`country` HAVING COUNT(`users`.`id`) > 3 ORDER BY NULL;
SELECT `users`.`id`, EXISTS(SELECT 1 AS `a` FROM `accounts` U0 WHERE (U0.`user_id` = (`users`.`id`) AND U0.`email` IS NOT NULL) LIMIT 1) AS `has` FROM `users` ORDER BY 1;
SELECT `users`.`id`, CASE WHEN `users`.`email` LIKE '%@x.com' THEN 1 WHEN `users`.`email` IS NULL THEN 2 ELSE 0 END AS `k` FROM `users` ORDER BY `k` DESC, `users`.`id`;
SELECT `accounts`.`id`, T3.`email` FROM `accounts` INNER JOIN `users` ON (`accounts`.`user_id` = `users`.`id`) LEFT OUTER JOIN `users` T3 ON (`users`.`visits` = T3.`id`) ORDER BY 1, 2;
SELECT `users`.`id` FROM `users` WHERE `users`.`id` IN (SELECT U0.`user_id` FROM `accounts` U0 WHERE U0.`email` LIKE '%x.com%') ORDER BY 1;
SELECT `users`.`id` FROM `users` WHERE NOT (EXISTS(SELECT 1 AS `a` FROM `accounts` U1 WHERE (U1.`secret` = 's-bob' AND U1.`user_id` = (`users`.`id`)) LIMIT 1)) ORDER BY 1;
SELECT DATE_FORMAT(`bookings`.`starts`, '%Y-%m-01') AS `m`, SUM(`bookings`.`amount`) AS `s` FROM `bookings` GROUP BY DATE_FORMAT(`bookings`.`starts`, '%Y-%m-01') ORDER BY `m`;
SELECT `bookings`.`id` FROM `bookings` WHERE `bookings`.`starts` BETWEEN '2024-01-01 00:00:00' AND '2024-12-31 23:59:59.999999' ORDER BY 1;
SELECT `bookings`.`id` FROM `bookings` WHERE EXTRACT(YEAR FROM `bookings`.`born`) = 2000 ORDER BY 1;
SELECT CAST(DATE_FORMAT(`bookings`.`born`, '%Y-01-01') AS DATE) AS `datefield` FROM `bookings` WHERE `bookings`.`born` IS NOT NULL GROUP BY `datefield` ORDER BY `datefield`;
SELECT `users`.`id`, ROW_NUMBER() OVER (PARTITION BY `users`.`country` ORDER BY `users`.`age` DESC, `users`.`id`) AS `rank` FROM `users` ORDER BY 1;
SELECT `users`.`id`, COALESCE(`users`.`nick`, `users`.`email`, '-') AS `x`, CONCAT_WS('', `users`.`nick`, ' ', `users`.`email`) AS `y` FROM `users` ORDER BY 1;
SELECT `users`.`id`, MD5(`users`.`email`) AS `h`, SHA2(`users`.`email`, 256) AS `s` FROM `users` ORDER BY 1;
(SELECT `users`.`email` AS `col1` FROM `users` ORDER BY `users`.`email` DESC LIMIT 3) UNION (SELECT `accounts`.`email` AS `col1` FROM `accounts` ORDER BY `accounts`.`email` ASC LIMIT 3) ORDER BY `col1` LIMIT 5;
SELECT `users`.`email` AS `col1` FROM `users` INTERSECT SELECT `accounts`.`email` AS `col1` FROM `accounts` ORDER BY 1;
SELECT `users`.`email` AS `col1` FROM `users` EXCEPT SELECT `accounts`.`email` AS `col1` FROM `accounts` ORDER BY 1;
-- # ORM Laravel
select * from `users` where `email` = 'bob@y.org' limit 1;
select * from `users` where `users`.`id` in (1, 2, 4) order by id;
select `users`.*, (select count(*) from `accounts` where `users`.`id` = `accounts`.`user_id`) as `accounts_count` from `users` order by id;
select `users`.*, (select sum(`accounts`.`pin`) from `accounts` where `users`.`id` = `accounts`.`user_id`) as `accounts_sum_pin` from `users` order by id;
select `users`.*, exists(select * from `accounts` where `users`.`id` = `accounts`.`user_id`) as `accounts_exists` from `users` order by id;
select * from `users` where exists (select * from `accounts` where `users`.`id` = `accounts`.`user_id` and `email` = 'bob@x.com') order by id;
select * from `users` where (select count(*) from `accounts` where `users`.`id` = `accounts`.`user_id`) >= 2 order by id;
select * from `users` where `email` = 'x' or (`phone` = '111' and `nick` is not null) order by `created_at` desc, id limit 15 offset 0;
select count(*) as aggregate from `users` where `email` like '%o%';
select * from `users` where `email` in ('bob@y.org', 'anna@x.com') and `phone` not in ('222') order by id;
select * from `users` where `age` between 10 and 40 order by id;
select * from `users` where `age` not between 10 and 40 order by id;
select * from `users` where date(`created_at`) = '2025-02-11' order by id;
select * from `bookings` where month(`born`) = '01' order by id;
select * from `bookings` where year(`starts`) = 2024 order by id;
select * from `bookings` where date(`starts`) >= '2024-01-01' order by id;
select * from `bookings` where time(`ends`) >= '14:00:00' order by id;
select * from `users` where `username` like 'user%' and (`email` like '%x.com' or `email` like '%y.org') order by `email` asc, id asc;
select * from `users` where `email` = any(select email from accounts) order by id;
(select `id`, `email` from `users` where `age` > 30) union all (select `id`, `email` from `accounts` where `pin` > 1000) order by `email` desc, id limit 8;
select * from `users` order by field(`nick`, 'bob', 'anna') desc, id;
select * from `users` order by `email` is null, `email`, id;
select * from `users` order by -`age` desc, id;
select * from `users` order by length(`email`), id;
select max(`age`) as aggregate from `users`;
select avg(`age`) as aggregate from `users` where `email` is not null;
select * from `users` where json_extract(concat('{"a":"', nick, '"}'), '$.a') = 'bob' order by id;
select `nick` from `users` group by `nick` having count(*) > 1 order by nick;
select `users`.`country`, group_concat(`users`.`email` order by `users`.`email`, id separator '|') as e from `users` group by `country` order by country;
select * from `users` where `id` > 0 and `email` > '' order by `email` limit 0;
select * from users where 0 = 1;
select exists(select * from `users` where `email` = 'bob@y.org') as `exists`;
select * from `users` where `email` <=> null order by id;
select `a`.`id` from `users` as `a` cross join `vault` as `v` where `v`.`secret` = `a`.`nick` order by 1;
-- # ORM Doctrine
SELECT u0_.id AS id_0, u0_.email AS email_1, a1_.secret AS secret_2 FROM users u0_ LEFT JOIN accounts a1_ ON u0_.id = a1_.user_id WHERE u0_.email = 'bob@y.org' OR a1_.secret = 's-bob' ORDER BY u0_.id ASC, a1_.id;
SELECT DISTINCT id_0, email_1 FROM (SELECT u0_.id AS id_0, u0_.email AS email_1, a1_.secret AS secret_2 FROM users u0_ LEFT JOIN accounts a1_ ON u0_.id = a1_.user_id) dctrn_result ORDER BY email_1 ASC, id_0 ASC LIMIT 5;
SELECT COUNT(*) AS dctrn_count FROM (SELECT DISTINCT id_0 FROM (SELECT u0_.id AS id_0, u0_.email AS email_1 FROM users u0_ WHERE u0_.email LIKE '%x%') dctrn_result) dctrn_table;
SELECT t0.id AS id_1, t0.email AS email_2, t0.phone AS phone_3 FROM users t0 WHERE t0.phone = '111' ORDER BY t0.id LIMIT 2;
SELECT DISTINCT id_0, min_email FROM (SELECT id_0, MIN(email_1) OVER (PARTITION BY id_0) min_email FROM (SELECT u0_.id AS id_0, u0_.email AS email_1 FROM users u0_) dctrn_result_inner) dctrn_result ORDER BY min_email, id_0;
SELECT u0_.id, IDENTITY_.n FROM users u0_ INNER JOIN (SELECT user_id, COUNT(secret) n FROM accounts GROUP BY user_id) IDENTITY_ ON IDENTITY_.user_id = u0_.id ORDER BY 1;
-- # ORM Prisma
SELECT `{db}`.`users`.`id`, `{db}`.`users`.`email` FROM `{db}`.`users` WHERE (`{db}`.`users`.`email` = 'bob@y.org' AND 1=1) LIMIT 1 OFFSET 0;
SELECT `{db}`.`users`.`id` FROM `{db}`.`users` WHERE (`{db}`.`users`.`id`) IN (SELECT `t1`.`user_id` FROM `{db}`.`accounts` AS `t1` WHERE (`t1`.`email` LIKE '%x%' AND `t1`.`user_id` IS NOT NULL)) ORDER BY `{db}`.`users`.`id` ASC;
SELECT COUNT(*) FROM (SELECT `{db}`.`users`.`id` FROM `{db}`.`users` WHERE `{db}`.`users`.`email` IS NOT NULL ORDER BY `{db}`.`users`.`id` ASC LIMIT 18446744073709551615 OFFSET 2) AS `sub`;
SELECT `t1`.`id`, JSON_OBJECT('id', `t1`.`id`, 'email', `t1`.`email`) AS `__prisma_data__` FROM `{db}`.`users` AS `t1` ORDER BY `t1`.`id`;
-- only: mysql
SELECT `t1`.`id`, `user_posts`.`__prisma_data__` AS `posts` FROM `{db}`.`users` AS `t1` LEFT JOIN LATERAL (SELECT COALESCE(JSON_ARRAYAGG(`__prisma_data__`), CONVERT('[]', JSON)) AS `__prisma_data__` FROM (SELECT `t4`.`__prisma_data__` FROM (SELECT JSON_OBJECT('id', `t3`.`id`, 'secret', `t3`.`secret`) AS `__prisma_data__`, `t3`.`id` FROM (SELECT `t2`.* FROM `{db}`.`accounts` AS `t2` WHERE `t1`.`id` = `t2`.`user_id`) AS `t3` ORDER BY `t3`.`id`) AS `t4`) AS `t5`) AS `user_posts` ON TRUE ORDER BY 1;
SELECT COUNT(*), COUNT(`{db}`.`users`.`email`), MIN(`{db}`.`users`.`email`), MAX(`{db}`.`users`.`age`) FROM `{db}`.`users`;
SELECT `country`, COUNT(*) AS `_count$_all`, MAX(`{db}`.`users`.`age`) AS `_max$age` FROM `{db}`.`users` WHERE 1=1 GROUP BY `{db}`.`users`.`country` HAVING MAX(`{db}`.`users`.`age`) > 30 ORDER BY `country` ASC;
SELECT `{db}`.`users`.`id`, COALESCE(`aggr_selection_0_accounts`.`_aggr_count_accounts`, 0) AS `_aggr_count_accounts` FROM `{db}`.`users` LEFT JOIN (SELECT `{db}`.`accounts`.`user_id`, COUNT(*) AS `_aggr_count_accounts` FROM `{db}`.`accounts` WHERE 1=1 GROUP BY `{db}`.`accounts`.`user_id`) AS `aggr_selection_0_accounts` ON (`{db}`.`users`.`id` = `aggr_selection_0_accounts`.`user_id`) ORDER BY 1;
SELECT `{db}`.`users`.`id` FROM `{db}`.`users`, (SELECT `{db}`.`users`.`id` AS `id_0`, `{db}`.`users`.`email` AS `email_1` FROM `{db}`.`users` WHERE `{db}`.`users`.`id` = 4) AS `order_cmp` WHERE (`{db}`.`users`.`id` >= `order_cmp`.`id_0`) ORDER BY `{db}`.`users`.`id` LIMIT 3;
SELECT `{db}`.`users`.`id` FROM `{db}`.`users` WHERE ((`{db}`.`users`.`email` = 'a' AND `{db}`.`users`.`phone` = '111') OR (`{db}`.`users`.`email` IS NULL AND `{db}`.`users`.`phone` IN ('222','333'))) ORDER BY 1;
-- # ORM SQLAlchemy
SELECT users.id AS users_id, users.email AS users_email, accounts_1.id AS accounts_1_id, accounts_1.secret AS accounts_1_secret FROM users LEFT OUTER JOIN accounts AS accounts_1 ON users.id = accounts_1.user_id ORDER BY users.id, accounts_1.id;
SELECT anon_1.users_id AS anon_1_users_id, anon_1.users_email AS anon_1_users_email, accounts_1.secret AS s FROM (SELECT users.id AS users_id, users.email AS users_email FROM users ORDER BY users.email, users.id LIMIT 5 OFFSET 2) AS anon_1 LEFT OUTER JOIN accounts AS accounts_1 ON anon_1.users_id = accounts_1.user_id ORDER BY anon_1.users_email, anon_1.users_id, accounts_1.id;
SELECT accounts.user_id AS accounts_user_id, accounts.secret FROM accounts WHERE accounts.user_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10) ORDER BY accounts.id;
WITH RECURSIVE anon_1(id, email, depth) AS (SELECT users.id AS id, users.email AS email, 0 AS depth FROM users WHERE users.id = 1 UNION ALL SELECT users.id AS users_id, users.email AS users_email, anon_1.depth + 1 FROM users INNER JOIN anon_1 ON users.id = anon_1.id + 1) SELECT anon_1.id, anon_1.email, anon_1.depth FROM anon_1 ORDER BY anon_1.depth;
SELECT users.email, count(*) AS count_1 FROM users GROUP BY users.email ORDER BY count(*) DESC, users.email;
SELECT lower(users.email) AS lower_1 FROM users WHERE (users.email LIKE concat('%%', 'o', '%%')) ORDER BY 1;
SELECT users.id FROM users WHERE (users.age, users.level) IN ((30, 1), (7, -2), (9, 3)) ORDER BY 1;
SELECT max(length(users.email)) AS mx, char_length(users.nick) AS cl FROM users GROUP BY char_length(users.nick) ORDER BY cl;
SELECT cast(users.age AS CHAR(5)) AS a, cast(users.score AS SIGNED) AS s, cast(users.email AS BINARY(4)) AS b FROM users WHERE users.score < 100 ORDER BY users.id;
SELECT users.id, users.age DIV 10 AS d, users.age % 7 AS m, -users.age AS n, ~users.age AS inv, users.age << 2 AS sh, users.age & 12 AS ba, users.age | 3 AS bo, users.age ^ 5 AS bx FROM users ORDER BY 1;
SELECT users.id, users.age / 3 AS d, users.score / 7 AS s, users.age * 1.5 AS f, users.age + '1' AS p, users.score - 1 AS q FROM users WHERE users.score > 1 ORDER BY 1;
-- # ORM ActiveRecord
SELECT `users`.`id` AS t0_r0, `users`.`email` AS t0_r1, `accounts`.`id` AS t1_r0, `accounts`.`secret` AS t1_r1 FROM `users` LEFT OUTER JOIN `accounts` ON `accounts`.`user_id` = `users`.`id` WHERE `accounts`.`secret` = 's-bob' ORDER BY 1, 3;
SELECT DISTINCT `users`.`email` AS alias_0, `users`.`id` FROM `users` LEFT OUTER JOIN `accounts` ON `accounts`.`user_id` = `users`.`id` WHERE `users`.`age` > 8 ORDER BY `users`.`email` ASC, users.id LIMIT 4 OFFSET 1;
SELECT 1 AS one FROM `users` WHERE `users`.`email` = 'bob@y.org' LIMIT 1;
SELECT 1 AS one FROM `users` WHERE `users`.`email` = BINARY 'bob@y.org' LIMIT 1;
SELECT `users`.* FROM `users` WHERE `users`.`email` = 'bob@y.org' AND `users`.`id` != 5 LIMIT 1;
SELECT COUNT(count_column) FROM (SELECT 1 AS count_column FROM `users` WHERE `users`.`email` IS NOT NULL LIMIT 5) subquery_for_count;
SELECT COUNT(DISTINCT `users`.`id`, `users`.`email`) FROM `users`;
SELECT COUNT(*) AS count_all, `users`.`nick` AS users_nick FROM `users` GROUP BY `users`.`nick` ORDER BY users_nick;
SELECT `users`.* FROM `users` WHERE (email LIKE '%x%' OR 1=0) AND `users`.`phone` IN ('111', '222') ORDER BY `users`.`id` ASC LIMIT 1000;
SELECT `users`.* FROM `users` WHERE (`users`.`phone` IS NULL OR `users`.`phone` IN ('111', '222')) ORDER BY id;
SELECT `users`.`id` FROM `users` WHERE `users`.`age` >= 18 AND `users`.`age` < 65 ORDER BY `users`.`age` DESC, id;
SELECT `users`.* FROM (SELECT users.*, RANK() OVER (PARTITION BY country ORDER BY age) AS rk FROM users) AS users WHERE `users`.`rk` = 1 ORDER BY users.id;
SELECT users.email AS name, accounts.email AS name FROM users, accounts WHERE users.id = accounts.user_id ORDER BY accounts.id;
SELECT SUM(`users`.`age`) AS sum_age, AVG(users.level), STDDEV(users.age), VARIANCE(users.age), BIT_OR(users.age), BIT_XOR(users.score) FROM `users`;
