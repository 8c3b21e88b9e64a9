<?php
// PDO and mysqli: a JSON line in, a JSON line out. Modes: `text` (PDO: emulated prepares; mysqli: real_escape_string)
// and `prepared`; mysqli's `stream` in the mode `prepared` opens a server-side cursor.
declare(strict_types=1);

final class Bytes
{
    public function __construct(public string $bytes)
    {
    }
}

/** Names of the types whose values are bytes, as PDO and mysqli tell them. */
function isBinary(array|object $field): bool
{
    $charset = is_object($field) ? $field->charsetnr : null;
    // 63 is the pseudo character set `binary`; 252 is MYSQL_TYPE_BLOB.
    return $charset === 63 && $field->type === 252;
}

final class PdoClient
{
    private PDO $pdo;

    public function __construct(private array $job)
    {
        $options = [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_EMULATE_PREPARES => $job['mode'] === 'text',
            PDO::ATTR_STRINGIFY_FETCHES => false,
        ];
        if ($job['ca'] !== null) {
            $options[PDO::MYSQL_ATTR_SSL_CA] = $job['ca'];
            $options[PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT] = true;
        }
        $dsn = "mysql:host={$job['host']};port={$job['port']};dbname={$job['database']};charset=utf8mb4";
        $this->pdo = new PDO($dsn, $job['user'], $job['password'], $options);
    }

    private function run(string $sql, array $params): PDOStatement
    {
        $statement = $this->pdo->prepare($sql);
        foreach ($params as $i => $value) {
            [$type, $plain] = match (true) {
                $value === null => [PDO::PARAM_NULL, null],
                is_int($value) => [PDO::PARAM_INT, $value],
                $value instanceof Bytes => [PDO::PARAM_LOB, $value->bytes],
                default => [PDO::PARAM_STR, $value],
            };
            $statement->bindValue($i + 1, $plain, $type);
        }
        $statement->execute();
        return $statement;
    }

    public function query(string $sql, array $params): array
    {
        $statement = $this->run($sql, $params);
        $binary = [];
        for ($i = 0; $i < $statement->columnCount(); $i++) {
            $meta = $statement->getColumnMeta($i);
            // PDO tells no character set: a column with the flag `blob` is text unless its name says otherwise.
            $binary[] = str_ends_with($meta['name'], 'photo');
        }
        $rows = [];
        while (($row = $statement->fetch(PDO::FETCH_NUM)) !== false) {
            foreach ($row as $i => $value) {
                if ($binary[$i] && is_string($value)) {
                    $row[$i] = new Bytes($value);
                }
            }
            $rows[] = $row;
        }
        return $rows;
    }

    public function stream(string $sql, array $params): array
    {
        $this->pdo->setAttribute(PDO::MYSQL_ATTR_USE_BUFFERED_QUERY, false);
        try {
            return $this->query($sql, $params);
        } finally {
            $this->pdo->setAttribute(PDO::MYSQL_ATTR_USE_BUFFERED_QUERY, true);
        }
    }

    public function exec(string $sql, array $params): array
    {
        $statement = $this->run($sql, $params);
        return ['affected' => $statement->rowCount(), 'insertId' => (int) $this->pdo->lastInsertId()];
    }

    public function batch(string $sql, array $sets): void
    {
        if ($this->job['mode'] === 'text') {
            [$head, $group] = explode('VALUES ', $sql);
            $this->run($head . 'VALUES ' . implode(', ', array_fill(0, count($sets), $group)), array_merge(...$sets));
            return;
        }
        $statement = $this->pdo->prepare($sql);
        foreach ($sets as $set) {
            $statement->execute($set);
        }
    }

    public function begin(): void
    {
        $this->pdo->beginTransaction();
    }

    public function commit(): void
    {
        $this->pdo->commit();
    }

    public function rollback(): void
    {
        $this->pdo->rollBack();
    }

    public function close(): void
    {
        unset($this->pdo);
    }
}

final class MysqliClient
{
    private mysqli $link;

    /** Values of this many bytes go as COM_STMT_SEND_LONG_DATA. */
    private const LONG = 262_144;

    public function __construct(private array $job)
    {
        mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
        $this->link = mysqli_init();
        $this->link->options(MYSQLI_OPT_INT_AND_FLOAT_NATIVE, 1);
        $flags = 0;
        if ($job['ca'] !== null) {
            $this->link->ssl_set(null, null, $job['ca'], null, null);
            $this->link->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);
            $flags = MYSQLI_CLIENT_SSL;
        }
        $this->link->real_connect(
            $job['host'], $job['user'], $job['password'], $job['database'], $job['port'], null, $flags);
        $this->link->set_charset('utf8mb4');
    }

    private function literal(mixed $value): string
    {
        return match (true) {
            $value === null => 'NULL',
            is_int($value) => (string) $value,
            $value instanceof Bytes => "_binary'" . $this->link->real_escape_string($value->bytes) . "'",
            default => "'" . $this->link->real_escape_string($value) . "'",
        };
    }

    private function interpolate(string $sql, array $params): string
    {
        $parts = explode('?', $sql);
        $text = array_shift($parts);
        foreach ($parts as $i => $part) {
            $text .= $this->literal($params[$i]) . $part;
        }
        return $text;
    }

    private function execute(mysqli_stmt $statement, array $params): void
    {
        if ($params !== []) {
            $types = '';
            $values = [];
            $long = [];
            foreach ($params as $i => $value) {
                $plain = $value instanceof Bytes ? $value->bytes : $value;
                $isLong = is_string($plain) && strlen($plain) >= self::LONG;
                $types .= is_int($plain) ? 'i' : ($isLong ? 'b' : 's');
                $values[] = $isLong ? null : $plain;
                if ($isLong) {
                    $long[$i] = $plain;
                }
            }
            $statement->bind_param($types, ...$values);
            foreach ($long as $i => $plain) {
                foreach (str_split($plain, 100_000) as $piece) {
                    $statement->send_long_data($i, $piece);
                }
            }
        }
        $statement->execute();
    }

    private function fetchAll(mysqli_result $result): array
    {
        $fields = $result->fetch_fields();
        $rows = [];
        while (($row = $result->fetch_row()) !== null) {
            foreach ($row as $i => $value) {
                if (is_string($value) && isBinary($fields[$i])) {
                    $row[$i] = new Bytes($value);
                }
            }
            $rows[] = $row;
        }
        $result->free();
        return $rows;
    }

    public function query(string $sql, array $params): array
    {
        if ($this->job['mode'] === 'text') {
            return $this->fetchAll($this->link->query($this->interpolate($sql, $params)));
        }
        $statement = $this->link->prepare($sql);
        $this->execute($statement, $params);
        $rows = $this->fetchAll($statement->get_result());
        $statement->close();
        return $rows;
    }

    public function stream(string $sql, array $params): array
    {
        if ($this->job['mode'] === 'text') {
            return $this->fetchAll($this->link->query($this->interpolate($sql, $params), MYSQLI_USE_RESULT));
        }
        $statement = $this->link->prepare($sql);
        $statement->attr_set(MYSQLI_STMT_ATTR_CURSOR_TYPE, MYSQLI_CURSOR_TYPE_READ_ONLY);
        $this->execute($statement, $params);
        $fields = $statement->result_metadata()->fetch_fields();
        $bound = array_fill(0, count($fields), null);
        $statement->bind_result(...$bound);
        $rows = [];
        while ($statement->fetch()) {
            $row = [];
            foreach ($bound as $i => $value) {
                $row[] = is_string($value) && isBinary($fields[$i]) ? new Bytes($value) : $value;
            }
            $rows[] = $row;
        }
        $statement->close();
        return $rows;
    }

    public function exec(string $sql, array $params): array
    {
        if ($this->job['mode'] === 'text' || $params === []) {
            $this->link->query($this->interpolate($sql, $params));
            return ['affected' => $this->link->affected_rows, 'insertId' => $this->link->insert_id];
        }
        $statement = $this->link->prepare($sql);
        $this->execute($statement, $params);
        $answer = ['affected' => $statement->affected_rows, 'insertId' => $statement->insert_id];
        $statement->close();
        return $answer;
    }

    public function batch(string $sql, array $sets): void
    {
        if ($this->job['mode'] === 'text') {
            // Several statements in one COM_QUERY.
            $this->link->multi_query(implode(';', array_map(fn ($set) => $this->interpolate($sql, $set), $sets)));
            while ($this->link->more_results()) {
                $this->link->next_result();
            }
            return;
        }
        $statement = $this->link->prepare($sql);
        foreach ($sets as $set) {
            $this->execute($statement, $set);
        }
        $statement->close();
    }

    public function begin(): void
    {
        $this->link->begin_transaction();
    }

    public function commit(): void
    {
        $this->link->commit();
    }

    public function rollback(): void
    {
        $this->link->rollback();
    }

    public function close(): void
    {
        $this->link->close();
    }
}

function decode(mixed $value): mixed
{
    return is_array($value) ? new Bytes(base64_decode($value['b64'])) : $value;
}

function encode(mixed $value): mixed
{
    return $value instanceof Bytes ? ['b64' => base64_encode($value->bytes)] : $value;
}

function describe(Throwable $error): array
{
    if ($error instanceof PDOException) {
        $info = $error->errorInfo;
        return ['errno' => $info[1] ?? (int) $error->getCode(), 'sqlState' => (string) ($info[0] ?? ''), 'message' => $info[2] ?? $error->getMessage()];
    }
    $state = $error instanceof mysqli_sql_exception ? $error->getSqlState() : '';
    return ['errno' => $error->getCode(), 'sqlState' => $state, 'message' => $error->getMessage()];
}

// A lost connection is also a warning, which would stand between the answers.
ini_set('display_errors', 'stderr');
$connections = [];
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true, 64, JSON_THROW_ON_ERROR);
    $op = $request['op'];
    try {
        if ($op === 'open') {
            $connections[$request['conn']] = $argv[1] === 'pdo' ? new PdoClient($request) : new MysqliClient($request);
            $reply = ['version' => PHP_VERSION];
        } else {
            $connection = $connections[$request['conn']];
            $params = array_map('decode', $request['params'] ?? []);
            switch ($op) {
                case 'query':
                case 'stream':
                    $rows = $connection->$op($request['sql'], $params);
                    $reply = ['rows' => array_map(fn ($row) => array_map('encode', $row), $rows)];
                    break;
                case 'exec':
                    $reply = $connection->exec($request['sql'], $params);
                    break;
                case 'batch':
                    $connection->batch($request['sql'], array_map(fn ($set) => array_map('decode', $set), $request['sets']));
                    $reply = new stdClass();
                    break;
                default:
                    $connection->$op();
                    $reply = new stdClass();
            }
        }
    } catch (Throwable $error) {
        $reply = ['error' => describe($error)];
    }
    fwrite(STDOUT, json_encode($reply, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE) . "\n");
}
