# SQLAlchemy's ORM, and Alembic: upgrade, reflection, autogenerate's comparison.
import os
import sys
from importlib import metadata

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../common'))

import alembic.command
import pymysql
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import delete, distinct, exists, func, insert, inspect, select, text, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, subqueryload

from models import Base, Post, User
from scenario import (ALL_BYTES, DATABASE, EMAIL_OF, HOST, LONG_TEXT, PASSWORD, PEOPLE, PHASE, PORT, POSTS, SERVER,
                      TENANT, USER, Undo, errno_of, person, step, version, view)

version(sqlalchemy.__version__, f'PyMySQL {metadata.version("PyMySQL")}, Alembic {alembic.__version__}')
url = sqlalchemy.URL.create(
    f'{SERVER}+pymysql', username=USER, password=PASSWORD, host=HOST, port=PORT, database=DATABASE,
    query={'charset': 'utf8mb4'},
)
engine = sqlalchemy.create_engine(url, echo=False)
if os.environ.get('ORM_LOG'):
    sqlalchemy.event.listen(
        engine, 'before_cursor_execute', lambda conn, cursor, statement, *_: print(statement, file=sys.stderr)
    )


def migrate():
    def upgrade(revision):
        with engine.begin() as connection:
            config = Config()
            config.set_main_option('script_location', os.path.join(HERE, 'migrations'))
            config.attributes.update(connection=connection, metadata=Base.metadata)
            alembic.command.upgrade(config, revision)
            return MigrationContext.configure(connection).get_current_revision()

    @step('create tables')
    def _():
        return [upgrade('01'), sorted(inspect(engine).get_table_names())]

    @step('change tables')
    def _():
        return upgrade('head')

    @step('introspect')
    def _():
        inspector = inspect(engine)
        found = {}
        for table in ('users', 'posts'):
            found[table] = [
                [{key: str(value) for key, value in column.items()} for column in inspector.get_columns(table)],
                inspector.get_pk_constraint(table),
                sorted(inspector.get_indexes(table), key=lambda index: index['name']),
                inspector.get_unique_constraints(table),
                inspector.get_foreign_keys(table),
            ]
        reflected = sqlalchemy.Table('users', sqlalchemy.MetaData(), autoload_with=engine)
        return [found, [[column.name, repr(column.type), column.nullable] for column in reflected.columns]]

    @step('nothing left to do')
    def _():
        with engine.connect() as connection:
            options = {'compare_type': True, 'compare_server_default': True}
            context = MigrationContext.configure(connection, opts=options)
            return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def by_name(session, name):
    return session.scalars(select(User).where(User.name == name)).one()


def suite():
    session = Session(engine)

    @step('create')
    def _():
        user = User(**PEOPLE[0])
        session.add(user)
        session.commit()
        return view(user)

    @step('bulk create')
    def _():
        session.add_all([User(**raw) for raw in PEOPLE[1:4]])
        session.execute(insert(User), [{**raw, 'logins': 0} for raw in PEOPLE[4:]])
        session.commit()
        return [view(user) for user in session.scalars(select(User).order_by(User.id))]

    @step('find by id')
    def _():
        session.expire_all()
        return view(session.get(User, 1))

    @step('find by protected value')
    def _():
        found = select(User).where(User.email == 'grace.zq9@example.com')
        return [
            view(session.scalars(found).one()),
            view(session.scalars(select(User).filter_by(email='nobody@example.com')).one_or_none()),
        ]

    @step('LIKE')
    def _():
        ends = select(User.email).where(User.email.endswith('@example.com')).order_by(User.email)
        folded = select(User.email).where(User.email.ilike('%EXAMPLE.COM')).order_by(User.email.desc())
        return [list(session.scalars(ends)), list(session.scalars(folded))]

    @step('IN')
    def _():
        emails = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com']
        return list(session.scalars(select(User.name).where(User.email.in_(emails)).order_by(User.id)))

    @step('range and order')
    def _():
        found = select(User.name, User.age).where(User.age.between(56, 79)).order_by(User.age.desc())
        return [list(row) for row in session.execute(found)]

    @step('IS NULL')
    def _():
        return list(session.scalars(select(User.name).where(User.phone.is_(None))))

    @step('update one')
    def _():
        linus = by_name(session, 'Linus')
        linus.phone, linus.age = '+358 zq9 44', 57
        session.commit()
        return view(linus)

    @step('update where')
    def _():
        change = update(User).where(User.email == 'ada.zq9@example.com').values(city='Cambridge', bio='zq9 changed')
        affected = session.execute(change).rowcount
        session.commit()
        return [affected, view(session.get(User, 1))]

    @step('increment')
    def _():
        session.execute(update(User).where(User.id == 1).values(logins=User.logins + 3))
        session.commit()
        return session.get(User, 1).logins

    @step('increment protected')
    def _():
        linus = by_name(session, 'Linus')
        linus.age = User.age + 2
        session.commit()
        return linus.age

    @step('delete')
    def _():
        session.add(User(**person('Isaac', 'isaac.zq9@example.com')))
        session.commit()
        affected = session.execute(delete(User).where(User.email == 'isaac.zq9@example.com')).rowcount
        session.commit()
        return [affected, session.scalar(select(func.count()).select_from(User))]

    @step('soft delete')
    def _():
        zoe = by_name(session, 'Zoë')
        zoe.deleted_at = PEOPLE[0]['created_at']
        session.commit()
        left = list(session.scalars(select(User.email).where(User.deleted_at.is_(None)).order_by(User.email)))
        zoe.deleted_at = None
        session.commit()
        return [left, session.scalar(select(func.count(User.id)).where(User.deleted_at.is_(None)))]

    relations(session)

    @step('page')
    def _():
        found = select(User).order_by(User.email).limit(2).offset(2)
        return [session.scalar(select(func.count(User.email))), [view(user) for user in session.scalars(found)]]

    @step('keyset')
    def _():
        after = sqlalchemy.tuple_(User.email, User.id) > ('bjork.zq9@example.org', 0)
        found = select(User.email).where(after).order_by(User.email, User.id).limit(3)
        return list(session.scalars(found))

    transactions()
    values(session)

    @step('upsert')
    def _():
        rows = [
            person('Grace H.', 'grace.zq9@example.com', phone='+1 zq9 22', age=86),
            person('Newton', 'newton.zq9@example.com', phone='+44 zq9 7'),
        ]
        statement = mysql_insert(User).values([{**row, 'logins': 0} for row in rows])
        new = statement.inserted
        session.execute(statement.on_duplicate_key_update(name=new.name, phone=new.phone, age=new.age))
        session.commit()
        found = select(User).where(User.name.in_(['Grace H.', 'Newton'])).order_by(User.name)
        return [{**view(user), 'id': None} for user in session.scalars(found)]

    session.close()


def relations(session):
    @step('create related')
    def _():
        for post in POSTS:
            author = session.scalars(select(User).where(User.email == EMAIL_OF[post['author']])).one()
            author.posts.append(
                Post(title=post['title'], body=post['body'], likes=post['likes'], tenant_id=TENANT)
            )
        session.commit()
        return session.scalar(select(func.count()).select_from(Post))

    @step('eager')
    def _():
        results = []
        for load in (joinedload, selectinload, subqueryload):
            session.expunge_all()
            found = select(User).options(load(User.posts)).order_by(User.email)
            results.append([
                [user.name, user.email, [[post.title, post.body] for post in user.posts]]
                for user in session.scalars(found).unique()
            ])
        # A limit over a joined collection puts the users into a derived table.
        found = select(User).options(joinedload(User.posts)).order_by(User.email).limit(2)
        results.append([[user.email, len(user.posts)] for user in session.scalars(found).unique()])
        return results

    @step('lazy')
    def _():
        session.expunge_all()
        moth = session.scalars(select(Post).where(Post.title == 'Moth')).one()
        return [view(moth.author), [post.body for post in session.get(User, 1).posts]]

    @step('join')
    def _():
        session.expunge_all()
        found = select(Post).join(Post.author).options(contains_eager(Post.author))
        found = found.where(User.email.startswith('ada'), Post.body.startswith('zq9'))
        found = found.order_by(User.email, Post.body.desc())
        some = select(User.email).where(User.posts.any(Post.body.contains('case')))
        none = select(User.email).where(~User.posts.any()).order_by(User.email)
        loud = select(User.id, User.email).where(User.age > 50).cte('loud')
        with_cte = select(loud.c.email, Post.title).outerjoin(Post, Post.user_id == loud.c.id).order_by(loud.c.email)
        return [
            [[post.title, post.body, post.author.email, post.author.age] for post in session.scalars(found)],
            list(session.scalars(some)),
            list(session.scalars(none)),
            [list(row) for row in session.execute(with_cte)],
        ]

    @step('count related')
    def _():
        found = select(User.email, func.count(Post.id)).outerjoin(User.posts).group_by(User.id, User.email)
        return [list(row) for row in session.execute(found.order_by(User.email))]

    @step('aggregates')
    def _():
        whole = select(
            func.max(User.age), func.min(User.email), func.sum(User.age), func.avg(User.age),
            func.count(distinct(User.email)),
        )
        by_city = select(User.city, func.max(User.age)).group_by(User.city).having(func.count(User.phone) > 0)
        ranked = select(User.name, func.rank().over(order_by=User.age.desc())).order_by(User.age.desc(), User.id)
        return [
            list(session.execute(whole).one()),
            [list(row) for row in session.execute(by_city.order_by(User.city))],
            [list(row) for row in session.execute(ranked)],
            session.scalar(select(exists().where(User.email == 'ada.zq9@example.com'))),
            [list(row) for row in session.execute(
                select(User.name, func.upper(User.email), func.length(User.bio)).order_by(User.id))],
        ]


def transactions():
    def named():
        with Session(engine) as session:
            found = select(User).where(User.name.startswith('Tx')).order_by(User.email)
            return [view(user) for user in session.scalars(found)]

    @step('commit')
    def _():
        with Session(engine) as session, session.begin():
            session.add(User(**person('Tx 1', 'tx1.zq9@example.com')))
            session.flush()
            session.execute(update(User).where(User.email == 'tx1.zq9@example.com').values(phone='zq9 tx'))
        return named()

    @step('rollback')
    def _():
        try:
            with Session(engine) as session, session.begin():
                session.add(User(**person('Tx 2', 'tx2.zq9@example.com')))
                by_name(session, 'Tx 1').phone = 'zq9 gone'
                session.flush()
                raise Undo()
        except Undo:
            pass
        return named()

    @step('savepoint')
    def _():
        with Session(engine) as session, session.begin():
            session.add(User(**person('Tx 3', 'tx3.zq9@example.com')))
            try:
                with session.begin_nested():
                    session.add(User(**person('Tx 4', 'tx4.zq9@example.com')))
                    session.flush()
                    raise Undo()
            except Undo:
                pass
            session.add(User(**person('Tx 5', 'tx5.zq9@example.com')))
        return named()

    @step('lock')
    def _():
        with Session(engine) as session, session.begin():
            found = select(User).where(User.email == 'tx1.zq9@example.com')
            locked = session.scalars(found.with_for_update()).one()
            skipped = session.scalars(select(User).where(User.name == 'Tx 3').with_for_update(skip_locked=True)).all()
            shared = session.scalars(select(User).where(User.name == 'Tx 5').with_for_update(read=True)).all()
            locked.phone = 'zq9 locked'
            session.flush()
            session.refresh(locked)
            return [view(locked), [view(user) for user in skipped], [view(user) for user in shared]]


def values(session):
    def added(user):
        session.add(user)
        session.commit()
        return user

    @step('NULL and empty')
    def _():
        user = added(User(**person('Nil', 'nil.zq9@example.com', phone='', bio='')))
        first = view(user)
        user.phone, user.bio, user.photo = None, None, b''
        session.commit()
        return [first, view(user)]

    @step('emoji')
    def _():
        added(User(**person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', bio='zq9 🇩🇪🏳️‍🌈')))
        return [
            view(session.scalars(select(User).where(User.email == 'zq9👩‍👩‍👧‍👦@例え.jp')).one()),
            view(session.scalars(select(User).where(User.bio.endswith('🏳️‍🌈'))).one()),
        ]

    @step('long text')
    def _():
        bio = added(User(**person('Long', 'long.zq9@example.com', bio=LONG_TEXT))).bio
        return [len(bio), bio == LONG_TEXT]

    @step('bytes')
    def _():
        photo = added(User(**person('Bytes', 'bytes.zq9@example.com', photo=ALL_BYTES))).photo
        return [photo, session.scalar(select(func.count()).where(User.photo == ALL_BYTES))]

    @step('duplicate key')
    def _():
        errno = errno_of(lambda: added(User(**person('Twin', 'ada.zq9@example.com'))))
        session.rollback()
        return [errno, session.scalar(select(func.count()).where(User.name == 'Twin'))]

    @step('raw SQL')
    def _():
        statement = text(
            'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u '
            'WHERE u.email = :email OR u.age > :age ORDER BY u.id'
        )
        rows = session.execute(statement, {'email': 'ada.zq9@example.com', 'age': 70})
        return [list(row) for row in rows]


def other():
    @step('other tenant')
    def _():
        with Session(engine) as session:
            ada = User.email == 'ada.zq9@example.com'
            count = select(func.count())
            before = [
                session.scalar(count.select_from(User)),
                session.scalar(count.select_from(Post)),
                session.scalars(select(User).where(ada)).all(),
                session.scalars(select(User.email).where(User.email.contains('zq9'))).all(),
                session.execute(update(User).where(ada).values(phone='zq9 stolen')).rowcount,
                session.execute(delete(User).where(ada)).rowcount,
            ]
            own = User(**person('Ada 2', 'ada.zq9@example.com', phone='zq9 other'))
            own.posts.append(Post(title='Other', body='zq9 other', tenant_id=TENANT))
            session.add(own)
            session.commit()
            found = session.scalars(select(User).options(joinedload(User.posts))).unique()
            return [before, [[user.name, user.email, [post.body for post in user.posts]] for user in found]]


def again():
    @step('own rows again')
    def _():
        with Session(engine) as session:
            return [
                [list(row) for row in session.execute(
                    select(User.name, User.email, User.phone, User.age).order_by(User.id))],
                [list(row) for row in session.execute(select(Post.title, Post.body).order_by(Post.id))],
            ]


{'migrate': migrate, 'suite': suite, 'other': other, 'again': again}[PHASE]()
