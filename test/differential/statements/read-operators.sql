-- # Set operations
(select id, email from users order by email desc, id limit 3) union all (select id, secret from accounts order by secret, id limit 2) order by 1, 2 limit 4;
((select id from users where id < 4) union (select id from accounts where id < 6)) except (select id from vault) order by 1;
(select email from users intersect select email from accounts) union select secret from vault order by 1;
select email from users union select email from accounts intersect select 'bob@x.com' order by 1;
-- only: mariadb
select email from users intersect all select email from accounts order by 1;
-- only: mariadb
select nick from users except all select 'bob' order by 1;
-- only: mysql
select email from users intersect all select email from accounts order by 1;
-- only: mysql
select nick from users except all select 'bob' order by 1;
-- only: mysql
(select nick from users) except distinct (select secret from vault) order by 1;
select id, age from users union select id, pin from accounts union all select id, n from notes order by 2, 1;
select nick from users union select nick collate utf8mb4_bin from users order by 1;
select token from users union select email from users order by 1;
select age from users union select email from accounts order by 1;
select amount from bookings union select total from bookings union select age from users order by 1;
select born from bookings union select starts from bookings order by 1;
select active from bookings union select ratio from bookings order by 1;
select null as email union select email from users order by 1;
select email from users where id = 1 union select null;
select * from vault union select * from vault order by id;
select * from (select email e from users union select secret from accounts) t where e like '%o%' order by e;
select count(*) from (select phone from users union select phone from accounts) t;
select (select email from users where id = 1 union select email from users where id = 1);
select id from users where email in (select email from accounts union select secret from vault) order by id;
select id from users where exists (select 1 from accounts where email = users.email union select 1 from vault where secret = users.nick) order by id;
select phone from users where id < 3 union select phone from accounts where id < 3 union select phone from orders where id < 3 order by phone;
select 'u' src, id, email from users where phone = '111' union all select 'a', id, email from accounts where phone = '111' order by 1, 2;
(select id, email from users where id < 4 order by id limit 2) union (select id, email from users where id > 30 order by id desc limit 2) order by email desc, id;
(select email from users) order by email limit 3;
(((select id, email from users where id = 1)));
select id, email from users where id < 10 union all select id, email from accounts order by if(id > 3, 1, 2), id, email;
select email as a from users union select secret as b from accounts order by a limit 3;
select country, count(*) from users group by country union all select 'all', count(*) from users order by 2 desc, 1;
-- only: mysql
values row('anna@x.com', 1), row('b', 2) union select email, id from users order by 2, 1;
-- only: mysql
select u.id from users u join (values row('111', 1), row('222', 2)) v(p, n) on v.p = u.phone order by 1;
-- only: mysql
table vault union table vault order by id;
-- only: mysql
table users order by id limit 2;
-- only: mysql
select id from users where (id, email) in (table notes) order by 1;
-- only: mysql
select id from vault where (label) in (values row('first'), row('second')) order by 1;
-- only: mysql
table accounts order by secret, id limit 3 offset 2;
-- only: mariadb
values ('a', 1), ('b', 2);
-- only: mariadb
select id from users where (nick, 1) in (values ('bob', 1), ('anna', 1)) order by 1;
-- only: mariadb
with v(p) as (values ('111'), ('222')) select u.id from users u join v on v.p = u.phone order by 1;
-- # Row constructors, ANY, ALL, NULL-safe
select id from users where (email, phone) = ('bob@y.org', '111') order by 1;
select id from users where (email, phone) <> ('bob@y.org', '111') order by 1;
select id from users where (email, phone) <=> (null, '111') order by 1;
select id from users where (nick, age) in (('bob', 30), (null, 7), ('anna', null)) order by 1;
select id from users where (nick, age) not in (('bob', 30), ('anna', 7)) order by 1;
select id from users where (nick, age) not in (('bob', null)) order by 1;
select id from users where (email, id) in (select email, user_id from accounts) order by 1;
select id from users where (email, id) not in (select email, id from accounts where email is not null) order by 1;
select id from users where (age, nick) < (30, 'b') order by 1;
select id from users where (age, nick) >= (30, 'b') order by 1;
select id from users where row(age, level, nick) = row(30, 1, 'bob') order by 1;
select id from users where (age, (level, nick)) = (30, (1, 'bob')) order by 1;
select id from users where ((age, level), nick) in (((30, 1), 'bob'), ((7, 2), 'x')) order by 1;
select id from users where email > all (select email from accounts where email < 'b') order by 1;
select id from users where email >= any (select email from accounts where email > 'm') order by 1;
select id from users where email <> all (select email from accounts where email is not null) order by 1;
select id from users where age <= some (select pin from accounts where pin < 600) order by 1;
select id from users where email = some (select email from accounts) order by 1;
select id from users where not email = any (select email from accounts) order by 1;
select id from users where age > all (select pin from vault) order by 1;
select id from users where age > all (select pin from vault where pin is not null) order by 1;
select id from users where null in (email, phone) order by 1;
select id from users where 'bob' in (nick, email) order by 1;
select id from users where '111' in (phone, nick) order by 1;
select id from users where 30 in (age, level, score) order by 1;
select id from users where nick in (email, 'bob', null) order by 1;
select id from users where nick not in (email, 'bob') order by 1;
select id, nick = email, nick <=> email, nick <=> null, isnull(nick), nick is not null, nick is null from users order by id;
select id, age is true, age is not false, age is unknown, active is true from users natural join (select id, active from bookings) b order by id;
select id from users where (phone = '111') = 1 order by 1;
select id from users where (phone = '111') is true order by 1;
select id from users where (phone = '111') is not true order by 1;
select id from users where not (phone = '111') order by 1;
select id from users where !(phone = '111') order by 1;
select id from users where (phone = '111') xor (nick = 'bob') order by 1;
select id from users where phone = '111' && nick = 'bob' order by 1;
select id from users where phone = '111' || phone = '222' order by 1;
select id from users where phone = '111' or null order by 1;
select id from users where coalesce(phone, '') = '111' order by 1;
select id from users where phone = concat('1', '11') order by 1;
select id from users where phone = trim(' 111 ') order by 1;
select id from users where phone = cast(111 as char) order by 1;
select id from users where phone = 111 order by 1;
select id from users where phone = 111.0 order by 1;
select id from users where phone = '111' collate utf8mb4_bin order by 1;
select id from users where phone = binary '111' order by 1;
select id from users where phone = x'313131' order by 1;
select id from users where phone = 0x313131 order by 1;
select id from users where phone = _utf8mb4'111' order by 1;
select id from users where phone = _latin1'111' order by 1;
select id from users where phone = n'111' order by 1;
select id from users where phone = '11' '1' order by 1;
select id from users where phone = "111" order by 1;
select id from users where phone between '111' and '222' order by 1;
select id from users where phone between '111' and '111' order by 1;
select id from users where age between '10' and 40.5 order by 1;
select id from users where age between level and 40 order by 1;
select id from users where 30 between age and 40 order by 1;
select id from users where email between 'a' and 'c' or email not between 'b' and 'z' order by 1;
select id from bookings where born between date '1999-01-01' and '2000-12-31' order by 1;
select id from bookings where starts between timestamp '2024-01-01 00:00:00' and now() order by 1;
select id from bookings where amount between '9' and 100 order by 1;
select id from users where age = '30' order by 1;
select id from users where age = '30abc' order by 1;
select id from users where age = '030' order by 1;
select id from users where age = 30.0 order by 1;
select id from users where age = 3e1 order by 1;
select id from users where age = true order by 1;
select id from users where age = 0x1e order by 1;
select id from users where age = b'11110' order by 1;
select id from users where age = '' order by 1;
select id from users where age in (30, '7', 9.0, null) order by 1;
select id from users where age like '3%' order by 1;
select id from users where age regexp '^[0-9]$' order by 1;
select id from users where score = '18446744073709551615' order by 1;
select id from users where score = 18446744073709551615 order by 1;
select id from users where score > 9223372036854775807 order by 1;
select id from users where score = 1e1 order by 1;
-- # LIKE, REGEXP, collations
select id from users where email like 'ANNA%' order by 1;
select id from users where email like binary 'ANNA%' order by 1;
select id from users where binary email like 'ANNA%' order by 1;
select id from users where nick like 'anna' order by 1;
select id from users where nick like 'a\%b' order by 1;
select id from users where nick like 'a|%b' escape '|' order by 1;
select id from users where nick like 'a_b' order by 1;
select id from users where nick like 'a\_b' order by 1;
select id from users where nick like 'back\\\\slash' order by 1;
select id from users where nick like '' order by 1;
select id from users where nick like concat('%', 'o', '%') order by 1;
select id from users where email like concat(nick, '%') order by 1;
select id from users where 'bob@y.org' like email order by 1;
select id from users where email not like '%@x.com' order by 1;
select id from users where nick rlike '^b' order by 1;
select id from users where nick not regexp '^b' order by 1;
select id from users where email regexp '^[[:alpha:]]+@' order by 1;
select id from users where email regexp concat('^', nick) and nick regexp '^[a-z]+$' order by 1;
select id, regexp_replace(email, '@.*$', ''), regexp_substr(email, '[a-z]+'), regexp_instr(email, '@') from users order by id;
select id, soundex(nick), nick sounds like 'bob' from users order by id;
select id from users where nick sounds like 'Bob' order by id;
select id from users where email collate utf8mb4_bin = 'Bob @Z.net' order by id;
select id, email from users where nick collate utf8mb4_unicode_ci = 'ZOE' order by id;
select id from users order by nick collate utf8mb4_unicode_ci, id;
select nick collate utf8mb4_general_ci n, count(*) from users group by n order by n;
select distinct nick collate utf8mb4_unicode_ci n from users order by n;
select id from users where convert(nick using latin1) = 'müller' order by id;
select id, convert(email using ascii), convert(nick using utf16), cast(nick as char character set latin1) from users where id < 12 order by id;
select id, hex(convert(nick using ucs2)), hex(email), hex(cast(nick as binary)) from users order by id;
select id, charset(email), collation(email), coercibility(email), charset(nick), collation(nick), collation(token), collation(age) from users where id = 1;
select id, weight_string(nick), hex(weight_string(email as char(3))) from users order by id limit 5;
select id from users u where email = nick collate utf8mb4_general_ci order by id;
select id from users where email = nick order by id;
select u.id from users u join accounts a on a.email collate utf8mb4_bin = u.email order by 1, a.id;
select strcmp(email, nick), strcmp(nick, 'bob') from users order by id;
select id from users where email > 'b' collate utf8mb4_bin order by 1;
-- # String functions
select id, upper(nick), lower(email), ucase(code), lcase(code), reverse(nick), repeat(nick, 2), space(2), length(email), char_length(email), bit_length(nick), octet_length(email) from users order by id;
select id, left(email, 3), right(email, 3), substr(email, 2, 4), substring(email from 3), substring(email from 2 for 2), mid(email, 2, 3), substring_index(email, '@', -1) from users order by id;
select id, trim(nick), ltrim(nick), rtrim(nick), trim(leading 'a' from nick), trim(both 'b' from nick), trim(trailing ' ' from email) from users order by id;
select id, lpad(nick, 8, '*'), rpad(nick, 8, '-+'), insert(email, 2, 2, 'XX'), replace(email, 'o', '0'), concat(nick, '-', code), concat_ws(',', nick, null, code) from users order by id;
select id, locate('@', email), position('@' in email), instr(email, 'o'), field(nick, 'bob', 'anna'), find_in_set(nick, 'anna,bob'), elt(2, nick, email), ascii(nick), ord(nick) from users order by id;
select id, quote(nick), to_base64(token), from_base64(to_base64(nick)), hex(token), unhex(hex(nick)), md5(email), sha1(nick), crc32(email) from users order by id;
select id, make_set(3, nick, code), export_set(5, nick, code, ',', 3), format(score, 2), format(age, 1, 'de_DE'), char(age using utf8mb4), bin(age), oct(age), conv(age, 10, 16) from users where age between 0 and 100 order by id;
select id, if(nick = 'bob', email, phone), ifnull(nick, 'none'), nullif(nick, 'bob'), case nick when 'bob' then 'B' when 'anna' then 'A' else nick end, coalesce(null, nick, email) from users order by id;
select id, greatest(nick, email), least(nick, email), greatest(age, level, 5), least(age, 10), interval(age, 0, 10, 30, 60) from users order by id;
select id, compress(nick) = compress(nick), uncompressed_length(compress(email)), uncompress(compress(email)) from users order by id;
select id, aes_decrypt(aes_encrypt(nick, 'k'), 'k') = nick, sha2(email, 512) from users order by id;
select id, abs(age), sign(age), mod(age, 7), pow(age, 2), sqrt(age), round(age / 3, 1), truncate(age / 3, 1), ceil(age / 3), floor(age / 3), ln(age), degrees(level) from users order by id;
select id, cast(age as char), cast(age as decimal(6,2)), cast(level as unsigned), cast(score as signed), convert(age, char(3)), cast(token as char) from users order by id;
