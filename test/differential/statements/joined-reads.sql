-- # Joins
select u.id, a.id, v.id, b.id, h.id from users u join accounts a on a.user_id = u.id join vault v on v.id <= 2 join bookings b on b.id = u.id left join hidden h on h.id = u.id order by 1, 2, 3;
select * from users natural join accounts order by id;
select id, email, phone from users natural join accounts order by id;
select * from users join accounts using (id) order by id;
select id, users.email, accounts.email from users join accounts using (id, tenant_id) order by id;
select email, users.id, accounts.id from users join accounts using (email) order by 2, 3;
select phone, users.id, accounts.id from users join accounts using (phone) order by 2, 3;
select phone, count(*) from users join accounts using (phone) join orders using (phone) group by phone order by phone;
select email, users.id, accounts.id from users left join accounts using (email) order by 2, 3;
select email, users.id, accounts.id from users right join accounts using (email) order by 3, 2;
select phone, a.id, u.id from accounts a right join users u using (phone) order by u.id, a.id;
select * from vault natural left join accounts order by id;
select * from vault natural right join accounts order by id;
select secret, v.id, a.id from vault v join accounts a using (secret) order by 2, 3;
select pin, v.id, a.id from vault v join accounts a using (pin) order by 2, 3;
select id from users natural join (select id, email from users) x order by 1;
select u.id from users u, accounts a where u.id = a.user_id and a.email = u.email order by 1;
select u.id, a.id, o.id from users u, accounts a join orders o on o.user_id = a.user_id where u.id = a.user_id order by 1, 2, 3;
select u.id, a.id from (users u, vault v) left join accounts a on a.user_id = u.id and v.id = 1 where v.id < 3 order by u.id, a.id, v.id;
select u.id, a.id from users u left join (accounts a join vault v on v.pin = a.grp) on a.user_id = u.id order by 1, 2;
select u.id, a.id, b.id from users u left join accounts a on a.user_id = u.id left join bookings b on b.id = a.id and a.email is not null order by 1, 2;
select a.id, u.id, o.id from orders o left join users u on u.id = o.user_id left join accounts a on a.user_id = u.id and a.secret like 's-%' order by 3, 1;
select u.id, u2.id from users u join users u2 on u.phone = u2.phone and u.id < u2.id order by 1, 2;
select u.id, u2.id from users u join users u2 on u.email = u2.email and u.id <> u2.id order by 1, 2;
select u.id, u2.id from users u join users u2 on u.age = u2.age and u.id < u2.id order by 1, 2;
select u.id, u2.id from users u left join users u2 on u2.phone = u.phone and u2.id > u.id order by 1, 2;
select u.id, a.id from users u join accounts a on u.phone = a.phone order by 1, 2;
select u.id, a.id from users u join accounts a on u.phone <=> a.phone order by 1, 2;
select u.id, a.id from users u left join accounts a on u.phone <=> a.phone order by 1, 2;
select u.id, a.id from users u join accounts a on u.phone = a.phone and u.phone = '111' order by 1, 2;
select u.id, a.id from users u join accounts a on u.phone = a.phone where a.phone = '111' order by 1, 2;
select u.id, a.id from users u join accounts a where u.phone = a.phone and a.phone in ('111', '222') order by 1, 2;
select u.id, a.id from users u straight_join accounts a on u.phone = a.phone order by 1, 2;
select straight_join u.id, a.id from accounts a join users u on u.phone = a.phone order by 1, 2;
select u.id, o.id from users u join orders o on o.phone = u.phone order by 1, 2;
select u.id, o.id from orders o join users u on u.phone = o.phone where o.id < 5 order by 1, 2;
select u.id, o.id from users u join orders o on o.contact = u.email order by 1, 2;
select a.pin, v.pin from accounts a join vault v on a.pin = v.pin or a.grp = v.pin order by 1, 2, a.id;
select u.id, a.pin from users u join accounts a on u.age = a.pin order by 1;
select u.id, v.id from users u join vault v on v.pin = u.level order by 1, 2;
select a.id, v.id from accounts a join vault v on v.pin = a.grp order by 1, 2;
select n.id, v.id from notes n join vault v on v.pin = n.n order by 1, 2;
select u.id, b.id from users u join bookings b on b.born = u.created_at order by 1;
select u.id, b.id from users u join bookings b on b.amount > u.age order by 1, 2;
select t1.id from users t1 join users t2 using(tenant_id, username) join users t3 using(tenant_id, username) join users t4 using(tenant_id, username) join users t5 using(tenant_id, username) join users t6 using(tenant_id, username) join users t7 using(tenant_id, username) join users t8 using(tenant_id, username) join users t9 using(tenant_id, username) join users t10 using(tenant_id, username) order by 1;
select a.id, b.email, c.phone, d.nick, e.secret, f.secret, g.amount, h.visible from users a join users b on b.id = a.id join users c on c.id = b.id join users d on d.id = c.id join accounts e on e.id = d.id left join vault f on f.id = e.id left join bookings g on g.id = e.id left join hidden h on h.id = e.id left join orders i on i.id = e.id left join notes j on j.id = e.id order by 1;
select t1.id from users t1, users t2, users t3, users t4, users t5, users t6, users t7, users t8, users t9, users t10 where t1.id=t2.id and t2.id=t3.id and t3.id=t4.id and t4.id=t5.id and t5.id=t6.id and t6.id=t7.id and t7.id=t8.id and t8.id=t9.id and t9.id=t10.id and t10.phone='111' order by 1;
select u.*, a.* from users u left join accounts a on (a.user_id = u.id and a.tenant_id = u.tenant_id) where a.id is null order by u.id;
select users.*, 1 as one, accounts.secret from users join accounts on accounts.user_id = users.id order by users.id, accounts.id;
select u.id from {oj users u left outer join accounts a on a.user_id = u.id} order by 1, a.id;
select u.id from users as u inner join accounts as a on a.user_id = u.id cross join vault as v order by u.id, a.id, v.id limit 20;
select u.id from users u join accounts a join orders o on o.user_id = a.user_id on a.user_id = u.id order by 1;
-- only: mysql
select u.id, x.m from users u, lateral (select max(a.email) m, count(*) c from accounts a where a.user_id = u.id) x where x.c > 0 order by 1;
-- only: mysql
select u.id, x.e from users u left join lateral (select a.email e from accounts a where a.phone = u.phone order by a.id limit 1) x on true order by 1;
-- only: mysql
select u.id, x.e from users u join lateral (select u.email e union all select u.phone) x order by 1, 2;
-- only: mysql
select x.id, y.s from (select id, email from users where phone = '111') x, lateral (select secret s from accounts a where a.user_id = x.id) y order by 1, 2;
select u.id, j.k from users u, json_table(concat('["', nick, '","x"]'), '$[*]' columns (k varchar(20) path '$')) j where u.nick in ('bob', 'anna') order by 1, 2;
select v.id, j.* from vault v join json_table('[{"a":1},{"a":22}]', '$[*]' columns (ord for ordinality, a int path '$.a')) j on j.a = v.pin order by 1;
select u.id, j.k, j.o from users u left join json_table(json_array(u.email, u.phone), '$[*]' columns (o for ordinality, k varchar(90) path '$')) j on true order by 1, 3;
-- # Names and shadows
select `users`.`email` as `select`, `users`.`phone` `from`, users.nick 'quoted', users.age "double" from `users` order by users.id limit 2;
select email as phone, phone as email from users order by email, phone, id;
select id as email from users where email = 'bob@y.org' order by email;
select email id, id email from users order by users.id limit 3;
select 1 as email, id from users order by email, id limit 3;
select concat(email, 'x') as email, count(*) from users group by email order by 1;
select users.email from users as accounts join accounts as users on users.user_id = accounts.id order by users.id;
select accounts.email from users accounts order by accounts.id limit 3;
select orders.email from users orders where orders.phone = '111' order by orders.id;
select email.email from users email order by email.id limit 3;
select U.EMAIL, u.Email, eMail from users U order by u.ID limit 2;
select `Full Name`, `Mixed Case`.`Full Name` as `x y` from `Mixed Case` order by `Id`;
select `m`.`Full Name`, m.`from` from `Mixed Case` m where m.`Full Name` = 'ann' order by m.`Id`;
select {db}.users.email, {db}.accounts.secret from {db}.users, {db}.accounts where {db}.users.id = {db}.accounts.user_id order by {db}.accounts.id;
select {db}.users.* from {db}.users where {db}.users.id < 3 order by {db}.users.id;
select email as `a``b`, phone as 'it''s' from users order by id limit 1;
select email "quoted alias" from users where nick = "bob" order by id;
select email from users `from` where `from`.id = 1;
select `u`.`email` from `users` `u` where `u`.`id` = 1;
select u . email from users u where u . id = 1;
select /* c1 */ email /* c2 */ from /* c3 */ users /* c4 */ where /* c5 */ id = 1 -- end;
select email # comment
 from users # other
 where id = 1;
select email -- comment
 from users;
select /*! email */ from users where id = 1;
select /*!50000 email, */ id from users where id = 1;
select /*!99999 nope, */ id from users where id = 1;
/* leading */ select email from users where id = 1;
(select email from users where id = 1);
select all email from users order by id limit 2;
select distinctrow country from users order by 1;
select sql_no_cache email from users where id = 1;
select sql_small_result country, count(*) from users group by country order by 1;
select sql_big_result country, count(email) from users group by country order by 1;
select sql_buffer_result email from users where id < 3 order by id;
select high_priority email from users where id = 1;
-- {
select sql_calc_found_rows email from users order by id limit 2;
select found_rows();
-- }
-- {
select sql_calc_found_rows distinct country from users order by 1 limit 1;
select found_rows();
-- }
-- {
select email from users order by id limit 3;
select found_rows();
-- }
-- {
select email from users where phone = '111';
select row_count(), found_rows();
-- }
select id, email from users force index (primary) where id = 3;
select id from users use index (by_name) where username = 'user1';
select id from users ignore index (by_id, by_phone) where phone = '111' order by id;
select id from users use index for order by (by_id) order by id limit 2;
select id from users use index () where id = 1;
select id from users u force index for join (by_id) join accounts a on a.user_id = u.id order by 1, a.id;
select u.id from users u force index (by_age) where u.age = 30 order by 1;
select u.id from users u use index (by_phone) ignore index (by_age) where u.phone = '111' and u.age = 30 order by 1;
select id from users force index (nope) where id = 1;
-- only: mysql
select /*+ NO_INDEX_MERGE(users) MAX_EXECUTION_TIME(10000) */ id from users where phone = '111' order by id;
-- only: mysql
select /*+ JOIN_ORDER(a, u) */ u.id from users u join accounts a on a.user_id = u.id order by 1, a.id;
-- only: mysql
select /*+ INDEX(u by_phone) */ u.id from users u where u.phone = '111' order by 1;
-- only: mysql
select /*+ SET_VAR(sort_buffer_size = 262144) QB_NAME(main) */ email from users order by email, id limit 3;
-- only: mysql
select /*+ NO_MERGE(x) */ x.email from (select email, id from users) x where x.id = 1;
-- only: mysql
select id from users where email in (select /*+ NO_SEMIJOIN() */ email from accounts) order by id;
-- only: mysql
select /*+ HASH_JOIN(u, a) BKA(u) */ u.id from users u join accounts a on a.phone = u.phone order by 1, a.id;
select 1 from dual where exists (select 1 from users where phone = '111');
select (select email from users where id = 1) from dual;
select 'x' email from dual union select email from users where id = 1;
select now() is not null, email from users where id = 1;
select email from users limit 0;
select email from users order by id limit 3, 2;
select email from users order by id limit 2 offset 30;
select email from users order by id asc, email desc, 2-1 limit 1;
select id, email from users order by 2, 1 limit 4;
select id, email e from users order by concat(e, 'x'), id limit 3;
select id from users order by null limit 0;
select id from users order by email is null desc, email desc, id asc;
select id from users order by case when phone = '111' then 0 when phone = '222' then 1 else 2 end, id;
select id from users order by if(email like 'a%', 0, 1), field(phone, '222', '111'), id;
select id from users order by length(nick) - length(email), id;
select id from users order by token desc, id;
select id from users order by code, id;
select id from users order by score desc, id;
select id from bookings order by amount, id;
select id from bookings order by starts desc, born, id;
select id from bookings order by ratio, active, id;
-- only: mariadb
select email from users order by id fetch first 3 rows only;
-- only: mariadb
select age from users order by age desc offset 1 rows fetch next 2 rows with ties;
-- only: mariadb
select email from users order by id limit 3 rows examined 1000;
