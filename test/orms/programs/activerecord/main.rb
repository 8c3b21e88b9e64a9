# ActiveRecord without Rails: models that read their columns from the database, migrations, the schema dump.
require 'active_record'
require 'json'
require 'stringio'

TENANT = ENV.fetch('TENANT')
DATA = JSON.parse(File.read(ENV.fetch('ORM_DATA'), encoding: 'utf-8'))
LONG_TEXT = "zq9 0123'4\"5\\6\n7é8😀9" * 900
ALL_BYTES = 'zq9'.b + (0..255).to_a.pack('C*')

def time(text)
  Time.iso8601(text)
end

PEOPLE = DATA['people'].map do |raw|
  {
    tenant_id: TENANT, name: raw['name'], city: raw['city'], email: raw['email'], phone: raw['phone'], bio: raw['bio'],
    photo: raw['photo'] && [raw['photo']].pack('H*'), age: raw['age'], created_at: time(raw['createdAt'])
  }
end
EMAIL_OF = PEOPLE.to_h { |raw| [raw[:name], raw[:email]] }

def person(name, email, **more)
  { tenant_id: TENANT, name: name, email: email, created_at: Time.utc(2026, 2, 1), **more }
end

def say(line)
  puts JSON.generate(line)
  $stdout.flush
end

def step(name)
  say(step: name, result: yield)
rescue StandardError => e
  warn e.full_message if ENV['ORM_LOG']
  say(step: name, error: "#{e.class}: #{e.message}"[0, 1500])
end

def view(user)
  return nil if user.nil?

  {
    id: user.id, tenant: user.tenant_id, name: user.name, city: user.city, logins: user.logins, email: user.email,
    phone: user.phone, bio: user.bio, photo: user.photo&.unpack1('H*'), age: user.age,
    created_at: user.created_at.utc.iso8601(3), deleted: !user.deleted_at.nil?
  }
end

ActiveRecord::Base.establish_connection(
  adapter: 'mysql2', host: ENV.fetch('DB_HOST'), port: ENV.fetch('DB_PORT').to_i, username: ENV.fetch('DB_USER'),
  password: ENV.fetch('DB_PASSWORD'), database: ENV.fetch('DB_NAME'), encoding: 'utf8mb4', pool: 2,
  prepared_statements: ENV.fetch('DB_SERVER') == 'mysql'
)
ActiveRecord::Base.logger = Logger.new($stderr) if ENV['ORM_LOG']
ActiveRecord::Migration.verbose = false
say(version: ActiveRecord::VERSION::STRING, driver: "mysql2 #{Mysql2::VERSION}")

class User < ActiveRecord::Base
  has_many :posts
  default_scope { where(deleted_at: nil) }

  def soft_delete
    update!(deleted_at: Time.utc(2026, 3, 1))
  end
end

class Post < ActiveRecord::Base
  belongs_to :user
  alias author user
end

def migrations
  ActiveRecord::MigrationContext.new(File.join(__dir__, 'migrate'), ActiveRecord::SchemaMigration)
end

def migrate
  connection = ActiveRecord::Base.connection
  step('create tables') do
    migrations.migrate(20_260_101_000_001)
    connection.tables.sort
  end
  step('change tables') do
    migrations.migrate
    migrations.current_version
  end
  step('introspect') do
    columns = %w[users posts].map do |table|
      connection.columns(table).map do |c|
        [c.name, c.sql_type, c.type, c.limit, c.precision, c.null, c.default, c.collation]
      end
    end
    indexes = connection.indexes('users').map { |i| [i.name, i.columns, i.unique] }
    dump = StringIO.new
    ActiveRecord::SchemaDumper.dump(connection, dump)
    [columns, indexes, connection.foreign_keys('posts').map { |k| [k.name, k.column, k.on_delete] }, dump.string]
  end
  step('nothing left to do') { [migrations.needs_migration?, migrations.migrate.length] }
end

def suite
  step('create') { view(User.create!(PEOPLE[0])) }
  step('bulk create') do
    User.create!(PEOPLE[1..2])
    User.insert_all!(PEOPLE[3..])
    User.order(:id).map { |user| view(user) }
  end
  step('find by id') { view(User.find(1)) }
  step('find by protected value') do
    [view(User.find_by(email: 'grace.zq9@example.com')), view(User.find_by(email: 'nobody@example.com'))]
  end
  step('LIKE') { User.where('email LIKE ?', '%@example.com').order(:email).pluck(:email) }
  step('IN') do
    User.where(email: %w[bjork.zq9@example.org linus.zq9@example.net nobody@example.com]).order(:id).pluck(:name)
  end
  step('range and order') { User.where(age: 56...80).order(age: :desc).pluck(:name, :age) }
  step('IS NULL') { User.where(phone: nil).pluck(:name) }
  step('update one') do
    linus = User.find_by!(name: 'Linus')
    linus.update!(phone: '+358 zq9 44', age: 57)
    view(linus.reload)
  end
  step('update where') do
    affected = User.where(email: 'ada.zq9@example.com').update_all(city: 'Cambridge', bio: 'zq9 changed')
    [affected, view(User.find(1))]
  end
  step('increment') do
    User.update_counters(1, logins: 3)
    User.find(1).logins
  end
  step('increment protected') do
    User.find_by!(name: 'Linus').increment!(:age, 2)
    User.where(name: 'Linus').update_all('age = age + 1')
    User.find_by!(name: 'Linus').age
  end
  step('delete') do
    User.create!(person('Isaac', 'isaac.zq9@example.com'))
    [User.where(email: 'isaac.zq9@example.com').delete_all, User.count]
  end
  step('soft delete') do
    User.find_by!(email: 'zoe.zq9@example.com').soft_delete
    left = User.order(:email).pluck(:email)
    all = User.unscoped.count
    User.unscoped.where(email: 'zoe.zq9@example.com').update_all(deleted_at: nil)
    [left, all, User.count]
  end
  relations
  step('page') { [User.count, User.order(:email).limit(2).offset(2).map { |user| view(user) }] }
  step('keyset') { User.where('email > ?', 'bjork.zq9@example.org').order(:email).limit(3).pluck(:email) }
  transactions
  values
  step('upsert') do
    User.upsert_all(
      [
        person('Grace H.', 'grace.zq9@example.com', phone: '+1 zq9 22', age: 86),
        person('Newton', 'newton.zq9@example.com', phone: '+44 zq9 7', age: nil)
      ]
    )
    found = User.where(name: ['Grace H.', 'Newton']).order(:name)
    User.find_or_create_by!(email: 'newton.zq9@example.com')
    found.map { |user| view(user).merge(id: nil) }
  end
end

def relations
  step('create related') do
    DATA['posts'].each do |raw|
      author = User.find_by!(email: EMAIL_OF[raw['author']])
      author.posts.create!(title: raw['title'], body: raw['body'], likes: raw['likes'], tenant_id: TENANT)
    end
    Post.count
  end
  step('eager') do
    [User.preload(:posts).order(:email), User.eager_load(:posts).order(:email, 'posts.id')].map do |found|
      found.map { |user| [user.name, user.email, user.age, user.posts.sort_by(&:id).map { |post| [post.title, post.body] }] }
    end
  end
  step('lazy') { [view(Post.find_by!(title: 'Moth').author), User.find(1).posts.order(:id).map(&:body)] }
  step('join') do
    found = Post.joins(:user).where('users.email LIKE ?', 'ada%').where('body LIKE ?', 'zq9%')
    [
      found.order('users.email', body: :desc).pluck(:title, :body, 'users.email', 'users.age'),
      User.where.missing(:posts).order(:email).pluck(:email),
      User.where(id: Post.where('body LIKE ?', '%case%').select(:user_id)).pluck(:email),
      User.includes(:posts).references(:posts).where(posts: { title: 'Moth' }).map { |user| view(user) }
    ]
  end
  step('count related') do
    User.left_joins(:posts).group(:email).order(:email).count('posts.id').to_a
  end
  step('aggregates') do
    [
      User.maximum(:age), User.minimum(:email), User.sum(:age), User.average(:age).to_s, User.distinct.count(:email),
      User.group(:city).having('COUNT(phone) > 0').order(:city).maximum(:age).to_a,
      User.exists?(email: 'ada.zq9@example.com'),
      User.order(:id).pluck(Arel.sql('UPPER(email)'), Arel.sql('CHAR_LENGTH(bio)'))
    ]
  end
end

def transactions
  named = -> { User.where('name LIKE ?', 'Tx%').order(:email).map { |user| view(user) } }
  step('commit') do
    User.transaction do
      User.create!(person('Tx 1', 'tx1.zq9@example.com'))
      User.where(email: 'tx1.zq9@example.com').update_all(phone: 'zq9 tx')
    end
    named.call
  end
  step('rollback') do
    User.transaction do
      User.create!(person('Tx 2', 'tx2.zq9@example.com'))
      User.where(name: 'Tx 1').update_all(phone: 'zq9 gone')
      raise ActiveRecord::Rollback
    end
    named.call
  end
  step('savepoint') do
    User.transaction do
      User.create!(person('Tx 3', 'tx3.zq9@example.com'))
      User.transaction(requires_new: true) do
        User.create!(person('Tx 4', 'tx4.zq9@example.com'))
        raise ActiveRecord::Rollback
      end
      User.create!(person('Tx 5', 'tx5.zq9@example.com'))
    end
    named.call
  end
  step('lock') do
    User.transaction(isolation: :read_committed) do
      locked = User.lock.find_by!(email: 'tx1.zq9@example.com')
      shared = User.lock('LOCK IN SHARE MODE').where(name: 'Tx 3').to_a
      locked.update!(phone: 'zq9 locked')
      locked.lock!
      [view(locked), shared.map { |user| view(user) }]
    end
  end
end

def values
  step('NULL and empty') do
    user = User.create!(person('Nil', 'nil.zq9@example.com', phone: '', bio: ''))
    first = view(user.reload)
    user.update!(phone: nil, bio: nil, photo: '')
    [first, view(user.reload)]
  end
  step('emoji') do
    User.create!(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', bio: 'zq9 🇩🇪🏳️‍🌈'))
    [view(User.find_by!(email: 'zq9👩‍👩‍👧‍👦@例え.jp')), view(User.find_by!('bio LIKE ?', '%🏳️‍🌈'))]
  end
  step('long text') do
    bio = User.create!(person('Long', 'long.zq9@example.com', bio: LONG_TEXT)).reload.bio
    [bio.length, bio == LONG_TEXT]
  end
  step('bytes') do
    photo = User.create!(person('Bytes', 'bytes.zq9@example.com', photo: ALL_BYTES)).reload.photo
    [photo.unpack1('H*'), User.where(photo: ALL_BYTES).count]
  end
  step('duplicate key') do
    error = begin
      User.create!(person('Twin', 'ada.zq9@example.com'))
      nil
    rescue ActiveRecord::RecordNotUnique => e
      e.cause.error_number
    end
    [error, User.where(name: 'Twin').count]
  end
  step('raw SQL') do
    text = 'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u'
    sql = User.sanitize_sql(["#{text} WHERE u.email = ? OR u.age > ? ORDER BY u.id", 'ada.zq9@example.com', 70])
    [
      ActiveRecord::Base.connection.select_all(sql).to_a,
      User.find_by_sql(['SELECT * FROM users WHERE email LIKE ? ORDER BY email LIMIT 2', '%zq9%']).map { |u| view(u) }
    ]
  end
end

def other
  step('other tenant') do
    email = 'ada.zq9@example.com'
    before = [
      User.count, Post.count, view(User.find_by(email: email)), User.where('email LIKE ?', '%').to_a,
      User.where(email: email).update_all(phone: 'zq9 stolen'), User.where(email: email).delete_all
    ]
    own = User.create!(person('Ada 2', email, phone: 'zq9 other'))
    own.posts.create!(title: 'Other', body: 'zq9 other', tenant_id: TENANT)
    [before, User.includes(:posts).map { |user| [user.name, user.email, user.posts.map(&:body)] }]
  end
end

def again
  step('own rows again') do
    [User.order(:id).pluck(:name, :email, :phone, :age), Post.order(:id).pluck(:title, :body)]
  end
end

send(ARGV.last)
