# Django: models, migrations by `migrate`, `makemigrations --check` and `inspectdb`, querysets.
import io
import os
import sys
from importlib import metadata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../common'))

import django
import pymysql
from django.conf import settings
from django.core.management import call_command

from scenario import (ALL_BYTES, DATABASE, EMAIL_OF, HOST, LONG_TEXT, PASSWORD, PEOPLE, PHASE, PORT, POSTS, TENANT,
                      USER, Undo, errno_of, person, step, version, view)

pymysql.install_as_MySQLdb()
settings.configure(
    INSTALLED_APPS=['shop'],
    DATABASES={
        'default': {
            'ENGINE': 'django.db.backends.mysql',
            'HOST': HOST,
            'PORT': PORT,
            'USER': USER,
            'PASSWORD': PASSWORD,
            'NAME': DATABASE,
            'OPTIONS': {'charset': 'utf8mb4'},
        }
    },
    USE_TZ=False,
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    LOGGING={
        'version': 1,
        'handlers': {'console': {'class': 'logging.StreamHandler'}},
        'loggers': {'django.db.backends': {'level': 'DEBUG', 'handlers': ['console']}},
    } if os.environ.get('ORM_LOG') else {},
    DEBUG=bool(os.environ.get('ORM_LOG')),
)
django.setup()
version(django.get_version(), f'PyMySQL {metadata.version("PyMySQL")}')

from django.db import connection, transaction
from django.db.models import Avg, Count, F, Max, Min, Q, Sum
from django.db.models.functions import Length, Upper
from shop.models import Post, User


def called(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def migrate():
    @step('create tables')
    def _():
        called('migrate', 'shop', '0001')
        with connection.cursor() as cursor:
            return sorted(connection.introspection.table_names(cursor))

    @step('change tables')
    def _():
        called('migrate')
        return called('showmigrations')

    @step('introspect')
    def _():
        with connection.cursor() as cursor:
            return [
                called('inspectdb', 'users', 'posts'),
                connection.introspection.get_constraints(cursor, 'users'),
                connection.introspection.get_constraints(cursor, 'posts'),
            ]

    @step('nothing left to do')
    def _():
        return [called('makemigrations', '--check', '--dry-run'), called('migrate')]


def suite():
    @step('create')
    def _():
        return view(User.objects.create(**PEOPLE[0]))

    @step('bulk create')
    def _():
        made = User.objects.bulk_create([User(**raw) for raw in PEOPLE[1:]])
        return [len(made), [view(user) for user in User.objects.order_by('id')]]

    @step('find by id')
    def _():
        return view(User.objects.get(pk=1))

    @step('find by protected value')
    def _():
        return [
            view(User.objects.get(email='grace.zq9@example.com')),
            view(User.objects.filter(email='nobody@example.com').first()),
        ]

    @step('LIKE')
    def _():
        ends = User.objects.filter(email__endswith='@example.com').order_by('email')
        folded = User.objects.filter(email__icontains='EXAMPLE.COM').order_by('email')
        return [list(ends.values_list('email', flat=True)), list(folded.values_list('email', flat=True))]

    @step('IN')
    def _():
        emails = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com']
        return [user.name for user in User.objects.filter(email__in=emails).order_by('id')]

    @step('range and order')
    def _():
        found = User.objects.filter(age__gte=56, age__lt=80).order_by('-age')
        return [[user.name, user.age] for user in found]

    @step('IS NULL')
    def _():
        return [user.name for user in User.objects.filter(phone__isnull=True)]

    @step('update one')
    def _():
        linus = User.objects.get(name='Linus')
        linus.phone = '+358 zq9 44'
        linus.age = 57
        linus.save()
        linus.refresh_from_db()
        return view(linus)

    @step('update where')
    def _():
        affected = User.objects.filter(email='ada.zq9@example.com').update(city='Cambridge', bio='zq9 changed')
        return [affected, view(User.objects.get(pk=1))]

    @step('increment')
    def _():
        User.objects.filter(pk=1).update(logins=F('logins') + 3)
        return User.objects.get(pk=1).logins

    @step('increment protected')
    def _():
        User.objects.filter(name='Linus').update(age=F('age') + 2)
        return User.objects.get(name='Linus').age

    @step('delete')
    def _():
        User.objects.create(**person('Isaac', 'isaac.zq9@example.com'))
        done = User.objects.filter(email='isaac.zq9@example.com').delete()
        return [done[0], User.objects.count()]

    @step('soft delete')
    def _():
        zoe = User.objects.filter(email='zoe.zq9@example.com')
        zoe.update(deleted_at=PEOPLE[0]['created_at'])
        left = list(User.objects.order_by('email').values_list('email', flat=True))
        every = User.all_objects.count()
        User.all_objects.filter(email='zoe.zq9@example.com').update(deleted_at=None)
        return [left, every, User.objects.count()]

    relations()

    @step('page')
    def _():
        found = User.objects.order_by('email')
        return [found.count(), [view(user) for user in found[2:4]]]

    @step('keyset')
    def _():
        found = User.objects.filter(email__gt='bjork.zq9@example.org').order_by('email')[:3]
        return [user.email for user in found]

    transactions()
    values()


def relations():
    @step('create related')
    def _():
        for post in POSTS:
            author = User.objects.get(email=EMAIL_OF[post['author']])
            author.posts.create(title=post['title'], body=post['body'], likes=post['likes'], tenant_id=TENANT)
        return Post.objects.count()

    @step('eager')
    def _():
        prefetched = User.objects.prefetch_related('posts').order_by('email')
        selected = Post.objects.select_related('author').order_by('author__email', 'id')
        return [
            [[user.name, user.email, sorted([post.title, post.body] for post in user.posts.all())]
             for user in prefetched],
            [[post.title, post.body, post.author.email, post.author.age] for post in selected],
        ]

    @step('lazy')
    def _():
        post = Post.objects.get(title='Moth')
        posts = User.objects.get(pk=1).posts.order_by('id')
        return [view(post.author), [each.body for each in posts]]

    @step('join')
    def _():
        found = Post.objects.filter(author__email__startswith='ada', body__startswith='zq9')
        found = found.order_by('author__email', '-body')
        with_posts = User.objects.filter(posts__body__contains='case').distinct()
        without = User.objects.exclude(posts__likes__gt=0).order_by('email')
        return [
            [[post.title, post.body, post.author.email] for post in found],
            [user.email for user in with_posts],
            [user.email for user in without],
        ]

    @step('count related')
    def _():
        found = User.objects.annotate(n=Count('posts'), likes=Sum('posts__likes')).order_by('email')
        return [[user.email, user.n, user.likes] for user in found]

    @step('aggregates')
    def _():
        whole = User.objects.aggregate(Max('age'), Min('email'), Sum('age'), Avg('age'), n=Count('email', distinct=True))
        by_city = User.objects.values('city').annotate(oldest=Max('age'), n=Count('phone'))
        by_city = by_city.filter(n__gt=0).order_by('city')
        computed = User.objects.annotate(shout=Upper('email'), n=Length('bio')).order_by('id')
        return [
            whole,
            list(by_city),
            [[user.shout, user.n] for user in computed],
            User.objects.filter(email='ada.zq9@example.com').exists(),
            list(User.objects.filter(Q(age__gt=80) | Q(email__startswith='ada')).order_by('id').values('name', 'age')),
        ]


def transactions():
    def named():
        return [view(user) for user in User.objects.filter(name__startswith='Tx').order_by('email')]

    @step('commit')
    def _():
        with transaction.atomic():
            User.objects.create(**person('Tx 1', 'tx1.zq9@example.com'))
            User.objects.filter(email='tx1.zq9@example.com').update(phone='zq9 tx')
        return named()

    @step('rollback')
    def _():
        try:
            with transaction.atomic():
                User.objects.create(**person('Tx 2', 'tx2.zq9@example.com'))
                User.objects.filter(name='Tx 1').update(phone='zq9 gone')
                raise Undo()
        except Undo:
            pass
        return named()

    @step('savepoint')
    def _():
        with transaction.atomic():
            User.objects.create(**person('Tx 3', 'tx3.zq9@example.com'))
            try:
                with transaction.atomic():
                    User.objects.create(**person('Tx 4', 'tx4.zq9@example.com'))
                    raise Undo()
            except Undo:
                pass
            User.objects.create(**person('Tx 5', 'tx5.zq9@example.com'))
        return named()

    @step('lock')
    def _():
        with transaction.atomic():
            locked = User.objects.select_for_update().get(email='tx1.zq9@example.com')
            nowait = list(User.objects.select_for_update(nowait=True).filter(name='Tx 3'))
            locked.phone = 'zq9 locked'
            locked.save(update_fields=['phone'])
            return [view(User.objects.get(pk=locked.pk)), [view(user) for user in nowait]]


def values():
    @step('NULL and empty')
    def _():
        user = User.objects.create(**person('Nil', 'nil.zq9@example.com', phone='', bio=''))
        first = view(User.objects.get(pk=user.pk))
        user.phone, user.bio, user.photo = None, None, b''
        user.save()
        return [first, view(User.objects.get(pk=user.pk))]

    @step('emoji')
    def _():
        User.objects.create(**person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', bio='zq9 🇩🇪🏳️‍🌈'))
        return [
            view(User.objects.get(email='zq9👩‍👩‍👧‍👦@例え.jp')),
            view(User.objects.get(bio__endswith='🏳️‍🌈')),
        ]

    @step('long text')
    def _():
        User.objects.create(**person('Long', 'long.zq9@example.com', bio=LONG_TEXT))
        bio = User.objects.get(name='Long').bio
        return [len(bio), bio == LONG_TEXT]

    @step('bytes')
    def _():
        User.objects.create(**person('Bytes', 'bytes.zq9@example.com', photo=ALL_BYTES))
        return [bytes(User.objects.get(name='Bytes').photo), User.objects.filter(photo=ALL_BYTES).count()]

    @step('duplicate key')
    def _():
        return [
            errno_of(lambda: User.objects.create(**person('Twin', 'ada.zq9@example.com'))),
            User.objects.filter(name='Twin').count(),
        ]

    @step('raw SQL')
    def _():
        text = 'SELECT u.name, UPPER(u.email), CHAR_LENGTH(u.phone) FROM users u WHERE u.email = %s OR u.age > %s ORDER BY u.id'
        with connection.cursor() as cursor:
            cursor.execute(text, ['ada.zq9@example.com', 70])
            rows = cursor.fetchall()
        raw = User.objects.raw('SELECT * FROM users WHERE email LIKE %s ORDER BY email LIMIT 2', ['%zq9%'])
        return [rows, [view(user) for user in raw]]

    @step('upsert')
    def _():
        User.objects.bulk_create(
            [
                User(**person('Grace H.', 'grace.zq9@example.com', phone='+1 zq9 22', age=86)),
                User(**person('Newton', 'newton.zq9@example.com', phone='+44 zq9 7')),
            ],
            update_conflicts=True,
            update_fields=['name', 'phone', 'age'],
        )
        _, created = User.objects.update_or_create(
            email='newton.zq9@example.com', defaults={'phone': '+44 zq9 77'}, create_defaults={}
        )
        found = User.objects.filter(name__in=['Grace H.', 'Newton']).order_by('name')
        return [created, [{**view(user), 'id': None} for user in found]]


def other():
    @step('other tenant')
    def _():
        email = 'ada.zq9@example.com'
        before = [
            User.objects.count(),
            Post.objects.count(),
            view(User.objects.filter(email=email).first()),
            User.objects.filter(email__contains='zq9').count(),
            User.objects.filter(email=email).update(phone='zq9 stolen'),
            User.objects.filter(email=email).delete()[0],
        ]
        own = User.objects.create(**person('Ada 2', email, phone='zq9 other'))
        own.posts.create(title='Other', body='zq9 other', tenant_id=TENANT)
        found = User.objects.prefetch_related('posts')
        return [before, [[user.name, user.email, [post.body for post in user.posts.all()]] for user in found]]


def again():
    @step('own rows again')
    def _():
        return [
            [[user.name, user.email, user.phone, user.age] for user in User.objects.order_by('id')],
            [[post.title, post.body] for post in Post.objects.order_by('id')],
        ]


{'migrate': migrate, 'suite': suite, 'other': other, 'again': again}[PHASE]()
connection.close()
