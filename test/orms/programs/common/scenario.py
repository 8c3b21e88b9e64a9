# What the programs in Python share: the environment, the scenario's data, and a JSON line for each step.
import datetime
import decimal
import json
import os
import sys
import traceback

HOST = os.environ['DB_HOST']
PORT = int(os.environ['DB_PORT'])
USER = os.environ['DB_USER']
PASSWORD = os.environ['DB_PASSWORD']
DATABASE = os.environ['DB_NAME']
SERVER = os.environ['DB_SERVER']
TENANT = os.environ['TENANT']
PHASE = sys.argv[-1]

with open(os.environ['ORM_DATA'], encoding='utf-8') as _file:
    _data = json.load(_file)


def _time(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).replace(tzinfo=None)


def _person(raw):
    return {
        'tenant_id': TENANT,
        'name': raw['name'],
        'city': raw['city'],
        'email': raw['email'],
        'phone': raw['phone'],
        'bio': raw['bio'],
        'photo': None if raw['photo'] is None else bytes.fromhex(raw['photo']),
        'age': raw['age'],
        'created_at': _time(raw['createdAt']),
    }


PEOPLE = [_person(raw) for raw in _data['people']]
POSTS = _data['posts']
EMAIL_OF = {raw['name']: raw['email'] for raw in PEOPLE}
LONG_TEXT = 'zq9 0123\'4"5\\6\n7é8😀9' * 900
ALL_BYTES = b'zq9' + bytes(range(256))


def person(name, email, **more):
    """A person like those in the data."""
    empty = {'city': None, 'phone': None, 'bio': None, 'photo': None, 'age': None}
    return {
        'tenant_id': TENANT,
        'name': name,
        'email': email,
        'created_at': datetime.datetime(2026, 2, 1),
        **empty,
        **more,
    }


def view(user):
    """What a user looks like in results."""
    if user is None:
        return None
    return {
        'id': user.id,
        'tenant': user.tenant_id,
        'name': user.name,
        'city': user.city,
        'logins': user.logins,
        'email': user.email,
        'phone': user.phone,
        'bio': user.bio,
        'photo': None if user.photo is None else bytes(user.photo).hex(),
        'age': user.age,
        'created_at': user.created_at.replace(tzinfo=None).isoformat(),
        'deleted': user.deleted_at is not None,
    }


class Undo(Exception):
    """Undoes a transaction from within."""


def version(name, driver):
    print(json.dumps({'version': name, 'driver': driver}), flush=True)


def _encode(value):
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return repr(value)


def step(name):
    """Runs the decorated function at once and prints what it returns."""

    def run(work):
        try:
            line = {'step': name, 'result': work()}
        except Exception as error:
            if os.environ.get('ORM_LOG'):
                traceback.print_exc()
            causes = []
            cause = error
            while cause is not None and len(causes) < 4:
                causes.append(f'{type(cause).__name__}: {cause}'[:1200])
                cause = cause.__cause__ or cause.__context__
            line = {'step': name, 'error': ' <- '.join(causes)}
        print(json.dumps(line, default=_encode, ensure_ascii=False, sort_keys=True), flush=True)
        return work

    return run


def errno_of(work):
    """The error number that the work fails with."""
    try:
        work()
    except Exception as error:
        cause = error
        while cause is not None:
            for candidate in (cause, getattr(cause, 'orig', None)):
                if candidate is not None and candidate.args and isinstance(candidate.args[0], int):
                    return candidate.args[0]
            cause = cause.__cause__
        raise
    raise AssertionError('it did not fail')
