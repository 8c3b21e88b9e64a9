<?php
// Laravel's Eloquent without the framework: models, schema builder, the migrator with its repository.
error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
ini_set('display_errors', 'stderr');
require '/usr/share/php/Illuminate/Database/autoload.php';
require '/usr/share/php/Illuminate/Support/autoload.php';
foreach (['Events', 'Pagination', 'Filesystem'] as $part) {
    if (is_file("/usr/share/php/Illuminate/$part/autoload.php")) {
        require "/usr/share/php/Illuminate/$part/autoload.php";
    }
}

use Illuminate\Database\Capsule\Manager as Capsule;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Eloquent\SoftDeletes;
use Illuminate\Database\Migrations\DatabaseMigrationRepository;
use Illuminate\Database\QueryException;
use Illuminate\Support\Facades\Facade;

$tenant = getenv('TENANT');
$data = json_decode(file_get_contents(getenv('ORM_DATA')), true);
$capsule = new Capsule();
$capsule->addConnection([
    'driver' => 'mysql',
    'host' => getenv('DB_HOST'),
    'port' => getenv('DB_PORT'),
    'database' => getenv('DB_NAME'),
    'username' => getenv('DB_USER'),
    'password' => getenv('DB_PASSWORD'),
    'charset' => 'utf8mb4',
    'collation' => 'utf8mb4_unicode_ci',
    'prefix' => '',
    'strict' => true,
    'modes' => ['ONLY_FULL_GROUP_BY', 'STRICT_TRANS_TABLES', 'NO_ZERO_DATE', 'ERROR_FOR_DIVISION_BY_ZERO'],
]);
$capsule->setAsGlobal();
$capsule->bootEloquent();
$capsule->getContainer()->instance('db', $capsule->getDatabaseManager());
$capsule->getContainer()->bind('db.schema', fn () => $capsule->getConnection()->getSchemaBuilder());
Facade::setFacadeApplication($capsule->getContainer());
if (getenv('ORM_LOG')) {
    $capsule->getConnection()->beforeExecuting(fn ($sql) => fwrite(STDERR, "$sql\n"));
}

class User extends Model
{
    use SoftDeletes;
    protected $table = 'users';
    protected $guarded = [];
    public $timestamps = false;
    protected $dateFormat = 'Y-m-d H:i:s.v';
    protected $casts = ['created_at' => 'datetime'];

    public function posts()
    {
        return $this->hasMany(Post::class);
    }
}

class Post extends Model
{
    protected $table = 'posts';
    protected $guarded = [];
    public $timestamps = false;

    public function author()
    {
        return $this->belongsTo(User::class, 'user_id');
    }
}

function say(array $line): void
{
    echo json_encode($line, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
}

function step(string $name, callable $work): void
{
    try {
        say(['step' => $name, 'result' => $work()]);
    } catch (Throwable $error) {
        say(['step' => $name, 'error' => mb_substr(mb_scrub(get_class($error) . ': ' . $error->getMessage()), 0, 1500)]);
    }
}

function view(?User $user): ?array
{
    return $user === null ? null : [
        'id' => $user->id,
        'tenant' => $user->tenant_id,
        'name' => $user->name,
        'city' => $user->city,
        'logins' => $user->logins,
        'email' => $user->email,
        'phone' => $user->phone,
        'bio' => $user->bio,
        'photo' => $user->photo === null ? null : bin2hex($user->photo),
        'age' => $user->age,
        'created_at' => $user->created_at->format('Y-m-d H:i:s.v'),
        'deleted' => $user->deleted_at !== null,
    ];
}

function person(string $name, string $email, array $more = []): array
{
    global $tenant;
    $own = ['tenant_id' => $tenant, 'name' => $name, 'email' => $email, 'logins' => 0];
    return $own + ['created_at' => '2026-02-01 00:00:00.000'] + $more;
}

$people = array_map(fn ($raw) => [
    'tenant_id' => $tenant,
    'logins' => 0,
    'photo' => $raw['photo'] === null ? null : hex2bin($raw['photo']),
    'created_at' => (new DateTime($raw['createdAt']))->format('Y-m-d H:i:s.v'),
] + array_diff_key($raw, ['photo' => 0, 'createdAt' => 0]), $data['people']);
$emailOf = array_column($people, 'email', 'name');
$longText = str_repeat("zq9 0123'4\"5\\6\n7é8😀9", 900);
$allBytes = 'zq9' . implode('', array_map('chr', range(0, 255)));

$package = trim((string) shell_exec("dpkg-query -W -f='\${Version}' php-illuminate-database 2>/dev/null"));
say(['version' => preg_replace('/[+~-].*/', '', $package), 'driver' => 'PDO mysqlnd, PHP ' . PHP_VERSION]);

function views($found): array
{
    return $found->map(fn ($user) => view($user))->all();
}

function migrate(): void
{
    global $capsule;
    require_once __DIR__ . '/migrations.php';
    $connection = $capsule->getConnection();
    $schema = $connection->getSchemaBuilder();
    $repository = new DatabaseMigrationRepository($capsule->getDatabaseManager(), 'migrations');
    $run = function (string $name, $migration) use ($repository) {
        if (in_array($name, $repository->getRan())) {
            return false;
        }
        $migration->up();
        $repository->log($name, $repository->getNextBatchNumber());
        return true;
    };
    step('create tables', function () use ($schema, $repository, $run) {
        if (!$repository->repositoryExists()) {
            $repository->createRepository();
        }
        return [$run('01_create_tables', new CreateTables()), $schema->hasTable('users'), $schema->hasTable('people')];
    });
    step('change tables', function () use ($run, $connection) {
        $done = $run('02_change_tables', new ChangeTables());
        // The schema builder renames columns through another package; an application writes the statement.
        $connection->statement('ALTER TABLE users RENAME COLUMN visits TO logins');
        return $done;
    });
    step('introspect', function () use ($schema, $connection) {
        $columns = $schema->getColumnListing('users');
        sort($columns);
        return [
            $columns,
            $schema->hasColumn('users', 'email'),
            $schema->hasColumns('users', ['phone', 'age', 'legacy']),
            array_map(fn ($row) => (array) $row, $connection->select('SHOW FULL COLUMNS FROM users')),
            array_map(fn ($row) => array_diff_key((array) $row, ['Cardinality' => 0]), $connection->select('SHOW INDEX FROM users')),
        ];
    });
    step('nothing left to do', fn () => [
        $run('01_create_tables', new CreateTables()),
        $run('02_change_tables', new ChangeTables()),
        $repository->getRan(),
    ]);
}

function suite(): void
{
    global $people;
    step('create', fn () => view(User::create($people[0])->refresh()));
    step('bulk create', function () use ($people) {
        User::insert(array_slice($people, 1));
        return views(User::orderBy('id')->get());
    });
    step('find by id', fn () => view(User::find(1)));
    step('find by protected value', fn () => [
        view(User::firstWhere('email', 'grace.zq9@example.com')),
        view(User::where('email', 'nobody@example.com')->first()),
    ]);
    step('LIKE', fn () => User::where('email', 'like', '%@example.com')->orderBy('email')->pluck('email'));
    step('IN', fn () => User::whereIn('email', [
        'bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com',
    ])->orderBy('id')->pluck('name'));
    step('range and order', fn () => [
        User::whereBetween('age', [56, 79])->orderByDesc('age')->get(['name', 'age'])->toArray(),
        User::where('age', '>', 50)->where(fn ($q) => $q->where('age', '<', 60)->orWhereNull('phone'))->orderBy('age')->pluck('name'),
    ]);
    step('IS NULL', fn () => User::whereNull('phone')->pluck('name'));
    step('update one', function () {
        $linus = User::where('name', 'Linus')->firstOrFail();
        $linus->phone = '+358 zq9 44';
        $linus->age = 57;
        $linus->save();
        return view($linus->refresh());
    });
    step('update where', function () {
        $affected = User::where('email', 'ada.zq9@example.com')->update(['city' => 'Cambridge', 'bio' => 'zq9 changed']);
        return [$affected, view(User::find(1))];
    });
    step('increment', function () {
        User::where('id', 1)->increment('logins', 3);
        return User::find(1)->logins;
    });
    step('increment protected', function () {
        User::where('name', 'Linus')->increment('age', 2);
        return User::firstWhere('name', 'Linus')->age;
    });
    step('delete', function () {
        User::create(person('Isaac', 'isaac.zq9@example.com'));
        return [User::where('email', 'isaac.zq9@example.com')->forceDelete(), User::count()];
    });
    step('soft delete', function () {
        $zoe = User::firstWhere('email', 'zoe.zq9@example.com');
        $zoe->deleted_at = '2026-03-01 00:00:00.000';
        $zoe->save();
        $left = User::orderBy('email')->pluck('email');
        $all = User::withTrashed()->count();
        User::onlyTrashed()->where('email', 'zoe.zq9@example.com')->restore();
        return [$left, $all, User::count()];
    });
    relations();
    step('page', fn () => [User::count(), views(User::orderBy('email')->forPage(2, 2)->get())]);
    step('keyset', fn () => User::where('email', '>', 'bjork.zq9@example.org')->orderBy('email')->limit(3)->pluck('email'));
    transactions();
    values();
    step('upsert', function () {
        User::upsert([
            person('Grace H.', 'grace.zq9@example.com', ['phone' => '+1 zq9 22', 'age' => 86]),
            person('Newton', 'newton.zq9@example.com', ['phone' => '+44 zq9 7', 'age' => null]),
        ], ['tenant_id', 'email']);
        User::insertOrIgnore([person('Ignored', 'newton.zq9@example.com')]);
        User::updateOrCreate(['email' => 'newton.zq9@example.com'], ['bio' => 'zq9 gravity']);
        $found = User::whereIn('name', ['Grace H.', 'Newton', 'Ignored'])->orderBy('name')->get();
        return $found->map(fn ($user) => ['id' => null] + view($user))->all();
    });
}

function relations(): void
{
    global $data, $emailOf, $tenant;
    step('create related', function () use ($data, $emailOf, $tenant) {
        foreach ($data['posts'] as $raw) {
            $author = User::firstWhere('email', $emailOf[$raw['author']]);
            $author->posts()->create(['tenant_id' => $tenant] + array_diff_key($raw, ['author' => 0]));
        }
        return Post::count();
    });
    step('eager', fn () => User::with(['posts' => fn ($q) => $q->orderBy('id')])->orderBy('email')->get()->map(
        fn ($user) => [$user->name, $user->email, $user->posts->map->only(['title', 'body'])],
    ));
    step('lazy', fn () => [
        view(Post::firstWhere('title', 'Moth')->author),
        User::find(1)->posts()->orderBy('id')->pluck('body'),
    ]);
    step('join', fn () => [
        Post::join('users', 'users.id', '=', 'posts.user_id')->where('users.email', 'like', 'ada%')
            ->orderBy('users.email')->orderByDesc('body')->get(['title', 'body', 'users.email', 'users.age'])->toArray(),
        User::whereHas('posts', fn ($q) => $q->where('body', 'like', '%case%'))->pluck('email'),
        User::doesntHave('posts')->orderBy('email')->pluck('email'),
    ]);
    step('count related', fn () => User::withCount('posts')->withMax('posts', 'likes')->orderBy('email')->get()->map(
        fn ($user) => [$user->email, $user->posts_count, $user->posts_max_likes],
    ));
    step('aggregates', fn () => [
        User::max('age'), User::min('email'), User::sum('age'), User::avg('age'), User::distinct()->count('email'),
        User::groupBy('city')->havingRaw('COUNT(phone) > ?', [0])->orderBy('city')
            ->selectRaw('city, MAX(age) AS oldest')->get()->toArray(),
        User::where('email', 'ada.zq9@example.com')->exists(),
        User::orderBy('id')->selectRaw('UPPER(email) AS shout, CHAR_LENGTH(bio) AS n')->get()->toArray(),
    ]);
}

function transactions(): void
{
    global $capsule;
    $connection = $capsule->getConnection();
    $named = fn () => views(User::where('name', 'like', 'Tx%')->orderBy('email')->get());
    $undone = function (callable $work) use ($connection) {
        try {
            $connection->transaction(function () use ($work) {
                $work();
                throw new DomainException('undo');
            });
        } catch (DomainException) {
        }
    };
    step('commit', function () use ($connection, $named) {
        $connection->transaction(function () {
            User::create(person('Tx 1', 'tx1.zq9@example.com'));
            User::where('email', 'tx1.zq9@example.com')->update(['phone' => 'zq9 tx']);
        });
        return $named();
    });
    step('rollback', function () use ($undone, $named) {
        $undone(function () {
            User::create(person('Tx 2', 'tx2.zq9@example.com'));
            User::where('name', 'Tx 1')->update(['phone' => 'zq9 gone']);
        });
        return $named();
    });
    step('savepoint', function () use ($connection, $undone, $named) {
        $connection->transaction(function () use ($undone) {
            User::create(person('Tx 3', 'tx3.zq9@example.com'));
            $undone(fn () => User::create(person('Tx 4', 'tx4.zq9@example.com')));
            User::create(person('Tx 5', 'tx5.zq9@example.com'));
        });
        return $named();
    });
    step('lock', fn () => $connection->transaction(function () {
        $locked = User::where('email', 'tx1.zq9@example.com')->lockForUpdate()->first();
        $shared = User::where('name', 'Tx 3')->sharedLock()->get();
        $locked->update(['phone' => 'zq9 locked']);
        return [view($locked->refresh()), views($shared)];
    }));
}

function values(): void
{
    global $longText, $allBytes, $capsule;
    step('NULL and empty', function () {
        $user = User::create(person('Nil', 'nil.zq9@example.com', ['phone' => '', 'bio' => '']));
        $first = view($user->refresh());
        $user->update(['phone' => null, 'bio' => null, 'photo' => '']);
        return [$first, view($user->refresh())];
    });
    step('emoji', function () {
        User::create(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', ['bio' => 'zq9 🇩🇪🏳️‍🌈']));
        return [
            view(User::firstWhere('email', 'zq9👩‍👩‍👧‍👦@例え.jp')),
            view(User::where('bio', 'like', '%🏳️‍🌈')->first()),
        ];
    });
    step('long text', function () use ($longText) {
        $bio = User::create(person('Long', 'long.zq9@example.com', ['bio' => $longText]))->refresh()->bio;
        return [mb_strlen($bio), $bio === $longText];
    });
    step('bytes', function () use ($allBytes) {
        $user = User::create(person('Bytes', 'bytes.zq9@example.com', ['photo' => $allBytes]))->refresh();
        return [bin2hex($user->photo), User::where('photo', $allBytes)->count()];
    });
    step('duplicate key', function () {
        try {
            User::create(person('Twin', 'ada.zq9@example.com'));
            $errno = null;
        } catch (QueryException $error) {
            $errno = $error->errorInfo[1];
        }
        return [$errno, User::where('name', 'Twin')->count()];
    });
    step('raw SQL', fn () => $capsule->getConnection()->select(
        'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u
            WHERE u.email = ? OR u.age > ? ORDER BY u.id',
        ['ada.zq9@example.com', 70],
    ));
}

function other(): void
{
    global $tenant;
    step('other tenant', function () use ($tenant) {
        $email = 'ada.zq9@example.com';
        $before = [
            User::count(), Post::count(), view(User::firstWhere('email', $email)),
            User::where('email', 'like', '%')->get(),
            User::where('email', $email)->update(['phone' => 'zq9 stolen']),
            User::where('email', $email)->forceDelete(),
        ];
        $own = User::create(person('Ada 2', $email, ['phone' => 'zq9 other']));
        $own->posts()->create(['title' => 'Other', 'body' => 'zq9 other', 'tenant_id' => $tenant]);
        return [$before, User::with('posts')->get()->map(
            fn ($user) => [$user->name, $user->email, $user->posts->pluck('body')],
        )];
    });
}

function again(): void
{
    step('own rows again', fn () => [
        User::orderBy('id')->get(['name', 'email', 'phone', 'age'])->toArray(),
        Post::orderBy('id')->get(['title', 'body'])->toArray(),
    ]);
}

$phase = $argv[count($argv) - 1];
$phase();
