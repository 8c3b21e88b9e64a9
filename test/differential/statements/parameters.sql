-- # Parameters in odd places
-- params: [3]
select id, email from users order by id limit ?;
-- params: [2, 3]
select id, email from users order by id limit ? offset ?;
-- params: ["111", "222"]
select id from users where phone in (?, ?) order by 1;
-- params: ["111", null]
select id from users where phone in (?, ?) order by 1;
-- params: [null]
select id from users where phone = ? order by 1;
-- params: [null]
select id from users where phone <=> ? order by 1;
-- params: [111]
select id from users where phone = ? order by 1;
-- params: ["111", 2]
select id from users where (phone, id) = (?, ?) order by 1;
-- params: ["111", 2, "222", 3]
select id from users where (phone, id) in ((?, ?), (?, ?)) order by 1;
-- params: ["111", 2]
select id from users where row(phone, id) = row(?, ?) order by 1;
-- params: [30]
select id from users where age = ? order by 1;
-- params: ["30"]
select id from users where age = ? order by 1;
-- params: ["30.0"]
select id from users where age = ? order by 1;
-- params: [30.5]
select id from users where age = ? order by 1;
-- params: [1, 40]
select id from users where age between ? and ? order by 1;
-- params: ["2000-01-31"]
select id from bookings where born = ? order by 1;
-- params: [20000131]
select id from bookings where born = ? order by 1;
-- params: ["2000-01-01", "2024-12-31"]
select id from bookings where born between ? and ? order by 1;
-- params: ["2024-01-31 10:30:00.5"]
select id from bookings where starts = ? order by 1;
-- params: ["12.50"]
select id from bookings where amount = ? order by 1;
-- params: [12.5]
select id from bookings where amount = ? order by 1;
-- params: [30]
select id, date_add(born, interval ? day) from bookings where born < '9000-01-01' order by id;
-- params: [1]
select id from bookings where starts > '2024-12-31' - interval ? year order by id;
-- params: ["a", "b"]
select id, ? as x, concat(?, email) y from users where id < 4 order by 1;
-- params: ["x"]
select ? union select email from users order by 1;
-- params: ["o"]
select id from users where email like concat('%', ?, '%') order by 1;
-- params: ["^b"]
select id from users where nick regexp ? order by 1;
-- params: ["bob", "anna", "zz"]
select id, case nick when ? then 1 when ? then 2 else ? end c from users order by id;
-- params: ["bob", 1]
select nick, count(*) from users where nick <> ? group by nick having count(*) > ? order by 1;
-- params: ["bob"]
select id from users order by nick = ? desc, id;
-- params: [2]
select id from users order by ?, id limit 3;
-- params: [5]
select u.id from users u join (select id from users order by id limit ?) x on x.id = u.id order by 1;
-- params: ["111"]
select u.id from (select * from users where phone = ?) u order by 1;
-- params: ["111"]
with t as (select * from users where phone = ?) select id from t order by 1;
-- params: ["111"]
select id from users where exists (select 1 from accounts a where a.phone = ? and a.user_id = users.id) order by 1;
-- params: ["111", "111"]
select id from users where phone = ? or id in (select user_id from accounts where phone = ?) order by 1;
-- params: ["{\"a\": \"bob\"}"]
select id from users where nick = json_unquote(json_extract(?, '$.a')) order by 1;
-- params: ["[\"bob\",\"anna\"]"]
select u.id from users u join json_table(?, '$[*]' columns (n varchar(20) path '$')) j on j.n = u.nick order by 1;
-- params: [{"hex": "746f6b31"}]
select id from users where token = ? order by 1;
-- params: ["tok1"]
select id from users where token = ? order by 1;
-- params: ["bob@y.org", "bob@y.org"]
select id from users where email = ? or ? is null order by 1;
-- params: [null, null]
select id from users where (? is null or email = ?) order by 1;
-- params: ["bob@y.org", 0]
select id from users where email = ? and ? order by 1;
-- params: ["bob"]
select id from users where nick = upper(?) order by 1;
-- params: [1]
select ?, email from users where id = 1;
-- params: [1, "x", null]
select ? a, ? b, ? c, id from users where id = 1;
-- params: ["anna@x.com"]
select email = ? from users order by id;
-- params: ["bob"]
select if(nick = ?, email, phone) x from users order by id;
-- params: ["111"]
select count(*) from users where not phone = ?;
-- params: ["18446744073709551615"]
select id from users where score = ? order by 1;
-- params: ["t-one", "111"]
select id from users where tenant_id = ? and phone = ? order by 1;
-- params: ["t-two", "111"]
select id from users where tenant_id = ? and phone = ? order by 1;
-- # EXPLAIN
explain select * from users where phone = '111';
-- only: mysql
explain format=json select * from users where phone = '111';
-- only: mysql
explain format=tree select email from users where id = 1;
-- only: mysql
explain analyze select email from users where id = 1;
-- only: mysql
explain format=json into @plan select email from users where id = 1;
-- only: mariadb
explain extended select email from users where id = 1;
-- only: mariadb
explain partitions select email from users where id = 1;
-- only: mariadb
explain format=json select email from users where id = 1;
-- only: mariadb
analyze select email from users where id = 1;
-- only: mariadb
analyze format=json select email from users where id = 1;
desc select email from users where id = 1;
describe users;
describe users email;
describe users 'e%';
explain users;
explain users email;
explain select * from users u join accounts a on a.phone = u.phone union select * from users u join accounts a on a.phone = u.phone;
-- # information_schema
select c.column_name, c.data_type, c.column_type, c.is_nullable from information_schema.columns c where c.table_schema = '{db}' and c.table_name = 'users' order by c.ordinal_position;
select table_name, count(*) n from information_schema.columns where table_schema = '{db}' group by table_name having count(*) > 3 order by table_name;
select table_name, count(*) n from information_schema.columns where table_schema = '{db}' group by table_name with rollup;
select column_name, column_default, column_key, extra, privileges, generation_expression from information_schema.columns where table_schema = '{db}' and table_name = 'users' having column_name like 'e%' order by 1;
select * from information_schema.columns where table_schema = '{db}' and table_name = 'vault' having ordinal_position > 2 order by ordinal_position;
select t.table_name, (select count(*) from information_schema.columns c where c.table_schema = t.table_schema and c.table_name = t.table_name) n from information_schema.tables t where t.table_schema = '{db}' order by 1;
select index_name, group_concat(column_name order by seq_in_index) from information_schema.statistics where table_schema = '{db}' and table_name = 'users' group by index_name order by 1;
select lower(column_name) as `column_name`, lower(data_type) dt from information_schema.columns where table_schema = database() and table_name = 'accounts' order by ordinal_position;
select `COLUMN_NAME` as `Field` from INFORMATION_SCHEMA.COLUMNS where TABLE_SCHEMA = DATABASE() and TABLE_NAME = 'users' and COLUMN_NAME = 'email';
select count(*) from information_schema.columns where table_schema = '{db}' and column_name in ('email', 'encrypted_email');
select u.id, c.column_name from users u join information_schema.columns c on c.ordinal_position = u.id and c.table_schema = '{db}' and c.table_name = 'users' where u.id < 5 order by 1;
select c.column_name from information_schema.columns c where c.table_schema = '{db}' and exists (select 1 from users where username = c.column_name) order by 1;
show columns from users where field like 'e%';
show full columns from users;
show create table vault;
show tables like 'us%';
-- # HANDLER, PROCEDURE and others
do sleep(0);
select if(exists(select 1 from users where phone = '111'), 'y', 'n');
select exists(select * from users where email = 'bob@y.org'), not exists(select * from users where email = 'nobody');
select (select count(*) from users), (select count(*) from accounts), (select max(secret) from vault);
select u.id from users u where u.id = (select max(id) from users);
select database(), count(*) from users;
select connection_id() > 0, email from users where id = 1;
select rand() < 2, email from users where id = 1;
select uuid() is not null, email from users where id = 1;
select email, sleep(0) from users where id = 1;
select version() is not null, user() is not null, email from users where id = 1;
select benchmark(1, md5(email)) from users where id = 1;
select id from users where rand() < 2 and phone = '111' order by id;
select 1 as id, 'x' as email from users where id = 1 union all select id, email from users where id = 2;
select id, email from users where id = 1 or 1 = 1 order by id limit 2;
select id from users where 1 order by id limit 2;
select id from users where age order by id;
select id from users where phone = phone order by id;
select id from users where phone <> phone order by id;
select id from users where email = email collate utf8mb4_bin order by id;
select a.id from accounts a where a.phone in (select phone from users where id = 2) order by 1;
select a.id from accounts a where a.phone = (select phone from users where id = 2) order by 1;
select a.id from accounts a where exists (select 1 from users u where u.phone = a.phone and u.id < 10) order by 1;
select a.id from accounts a where a.phone = any (select phone from users where id < 6) order by 1;
select a.id from accounts a where a.phone not in (select phone from users where id < 4 and phone is not null) order by 1;
select a.id from accounts a where not exists (select 1 from users u where u.phone = a.phone) order by 1;
select o.id from orders o where o.phone in (select phone from users) order by 1;
select u.id from users u where u.phone in (select phone from orders) order by 1;
select u.id, (select count(*) from orders o where o.phone = u.phone) n from users u order by 1;
select u.id, (select count(*) from accounts o where o.phone = u.phone) n from users u order by 1;
-- # Bad statements
select nope from users;
select u.nope from users u;
select nope.email from users;
select encrypted_email from users;
select email from users u join accounts a on a.user_id = u.id;
select email from users group by country;
select id, count(*) from users;
select email from users having nope > 1;
select email from nope join users;
select (select id, email from users limit 1);
select (select email from users);
select * from users where email = (select email from users);
select email from users order by nope;
select email from users order by 3;
select email, count(*) from users group by 5;
select distinct email from users order by id;
select email from users union select id, email from users;
select max(max(age)) from users;
select email from users where max(age) > 1;
select email e from users where e = 'x';
select row(email, id) from users;
select * from users where (email, id) = 'x';
select u.* from users u, accounts u;
select * from (select email, email from users) x;
select * from (select email from users);
with t as (select * from t) select * from t, users;
with t(a) as (select id, email from users) select * from t;
with recursive t as (select email from users union all select count(*) from t) select * from t;
select email, row_number() over w from users;
select email from users where row_number() over () = 1;
select grouping(email) from users;
select email collate latin1_bin from users;
select email = _latin1'x' collate latin1_bin from users where nick = email;
select lower(email, 1) from users;
select lower() from users;
select json_extract(email, '$.x') from users where id = 1;
select json_extract(email, 'bad') from users where id = 1;
select exp(age * 1000) from users order by id;
select cast(score as signed) * 9223372036854775807 from users;
select pow(age, 9999) from users order by id;
select email regexp '(' from users;
select conv(email, 99, 1) from users order by id limit 2;
