# PyMySQL and mysql-connector-python (C extension and pure): a JSON line in, a JSON line out.
import base64
import decimal
import importlib.metadata
import json
import sys


class PyMySQL:
    """Text protocol; it has no other."""

    def __init__(self, job):
        import pymysql
        import pymysql.cursors

        self.version = importlib.metadata.version('PyMySQL')
        self.cursors = pymysql.cursors
        tls = {'ssl': {'ca': job['ca'], 'check_hostname': True}} if job['ca'] else {'ssl_disabled': True}
        self.connection = pymysql.connect(
            host=job['host'], port=job['port'], user=job['user'], password=job['password'],
            database=job['database'], charset='utf8mb4', autocommit=True, **tls)

    def query(self, sql, params):
        with self.connection.cursor() as cursor:
            cursor.execute(sql.replace('?', '%s'), params)
            return cursor.fetchall()

    def stream(self, sql, params):
        with self.connection.cursor(self.cursors.SSCursor) as cursor:
            cursor.execute(sql.replace('?', '%s'), params)
            return list(iter(cursor.fetchone, None))

    def exec(self, sql, params):
        with self.connection.cursor() as cursor:
            cursor.execute(sql.replace('?', '%s'), params)
            return cursor.rowcount, cursor.lastrowid or 0

    def batch(self, sql, sets):
        with self.connection.cursor() as cursor:
            cursor.executemany(sql.replace('?', '%s'), sets)

    def begin(self):
        self.connection.begin()

    def commit(self):
        self.connection.commit()

    def rollback(self):
        self.connection.rollback()

    def close(self):
        self.connection.close()


class ConnectorPython:
    """Modes: `text`, `prepared`. The C extension is libmysqlclient; pure is its own implementation."""

    def __init__(self, job, pure):
        import mysql.connector

        self.version = mysql.connector.__version__
        self.prepared = job['mode'] == 'prepared'
        if job['ca']:
            tls = {'ssl_ca': job['ca'], 'ssl_verify_cert': True, 'ssl_verify_identity': True}
        else:
            tls = {'ssl_disabled': True}
        self.connection = mysql.connector.connect(
            host=job['host'], port=job['port'], user=job['user'], password=job['password'],
            database=job['database'], charset='utf8mb4', autocommit=True, use_pure=pure,
            conn_attrs=job['attributes'], **tls)

    def run(self, sql, params, work):
        cursor = self.connection.cursor(prepared=True) if self.prepared else self.connection.cursor()
        try:
            # Without values it would not use its prepared cursor's parameters at all.
            cursor.execute(sql.replace('?', '%s'), tuple(params))
            return work(cursor)
        finally:
            cursor.close()

    def query(self, sql, params):
        return self.run(sql, params, lambda cursor: cursor.fetchall())

    def stream(self, sql, params):
        # Cursors are not buffered unless asked to be.
        return self.run(sql, params, lambda cursor: list(iter(cursor.fetchone, None)))

    def exec(self, sql, params):
        return self.run(sql, params, lambda cursor: (cursor.rowcount, cursor.lastrowid or 0))

    def batch(self, sql, sets):
        cursor = self.connection.cursor(prepared=True) if self.prepared else self.connection.cursor()
        try:
            cursor.executemany(sql.replace('?', '%s'), [tuple(s) for s in sets])
        finally:
            cursor.close()

    def begin(self):
        self.connection.start_transaction()

    def commit(self):
        self.connection.commit()

    def rollback(self):
        self.connection.rollback()

    def close(self):
        self.connection.close()


def decode(value):
    return base64.b64decode(value['b64']) if isinstance(value, dict) else value


def encode(value):
    if isinstance(value, (bytes, bytearray)):
        return {'b64': base64.b64encode(value).decode()}
    if isinstance(value, decimal.Decimal):
        return int(value)
    return value


def describe(error):
    errno = getattr(error, 'errno', None)
    if errno is None:
        errno = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    return {'errno': errno or 0, 'sqlState': getattr(error, 'sqlstate', None) or '', 'message': str(error)}


def main():
    kind = sys.argv[1]
    connections = {}
    for line in sys.stdin:
        request = json.loads(line)
        op = request['op']
        try:
            if op == 'open':
                if kind == 'pymysql':
                    opened = PyMySQL(request)
                else:
                    opened = ConnectorPython(request, kind == 'connector-pure')
                connections[request['conn']] = opened
                reply = {'version': opened.version}
            else:
                connection = connections[request['conn']]
                if op in ('query', 'stream'):
                    rows = getattr(connection, op)(request['sql'], [decode(v) for v in request['params']])
                    reply = {'rows': [[encode(v) for v in row] for row in rows]}
                elif op == 'exec':
                    affected, insert_id = connection.exec(
                        request['sql'], [decode(v) for v in request['params']])
                    reply = {'affected': affected, 'insertId': insert_id}
                elif op == 'batch':
                    connection.batch(request['sql'], [[decode(v) for v in s] for s in request['sets']])
                    reply = {}
                else:
                    getattr(connection, op)()
                    reply = {}
        except Exception as error:
            reply = {'error': describe(error)}
        print(json.dumps(reply), flush=True)


main()
