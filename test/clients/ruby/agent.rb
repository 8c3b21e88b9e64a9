# Ruby mysql2 (libmariadb): a JSON line in, a JSON line out. Modes: `text`, `prepared`.
require 'json'
require 'base64'
require 'mysql2'

class Connection
  def initialize(job)
    options = {
      host: job['host'], port: job['port'], username: job['user'], password: job['password'],
      database: job['database'], encoding: 'utf8mb4', connect_attrs: job['attributes'], as: :array,
      # Without it Ruby's client asks for rows that changed to be counted as rows that matched.
      flags: ['-FOUND_ROWS']
    }
    options.merge!(sslca: job['ca'], sslverify: true, ssl_mode: :verify_identity) if job['ca']
    @client = Mysql2::Client.new(options)
    @prepared = job['mode'] == 'prepared'
  end

  def literal(value)
    case value
    when nil then 'NULL'
    when Integer then value.to_s
    else
      return "x'#{value.unpack1('H*')}'" if value.encoding == Encoding::BINARY

      "'#{@client.escape(value)}'"
    end
  end

  def interpolate(sql, params)
    rest = params.dup
    sql.gsub('?') { literal(rest.shift) }
  end

  def run(sql, params, options = {})
    return @client.query(interpolate(sql, params), options) unless @prepared

    statement = @client.prepare(sql)
    rows = statement.execute(*params, **options)
    rows = rows.to_a if rows && options[:stream]
    [rows, statement.affected_rows, statement.last_id].tap { |answer| @last = answer }
    rows
  end

  def query(sql, params)
    run(sql, params).to_a
  end

  def stream(sql, params)
    run(sql, params, stream: true, cache_rows: false).to_a
  end

  def exec(sql, params)
    run(sql, params)
    return [@last[1], @last[2]] if @prepared

    [@client.affected_rows, @client.last_id]
  end

  def batch(sql, sets)
    unless @prepared
      head, group = sql.split('VALUES ')
      text = head + 'VALUES ' + sets.map { |set| interpolate(group, set) }.join(', ')
      @client.query(text)
      return
    end
    statement = @client.prepare(sql)
    sets.each { |set| statement.execute(*set) }
    statement.close
  end

  def begin
    @client.query('BEGIN')
  end

  def commit
    @client.query('COMMIT')
  end

  def rollback
    @client.query('ROLLBACK')
  end

  def close
    @client.close
  end
end

def decode(value)
  value.is_a?(Hash) ? Base64.decode64(value['b64']).b : value
end

def encode(value)
  case value
  when String then value.encoding == Encoding::BINARY ? { b64: Base64.strict_encode64(value) } : value
  when nil, Numeric then value
  else raise "no plain value: #{value.class}"
  end
end

connections = {}
$stdin.set_encoding('UTF-8')
$stdout.sync = true
while (line = $stdin.gets)
  request = JSON.parse(line)
  begin
    case request['op']
    when 'open'
      connections[request['conn']] = Connection.new(request)
      reply = { version: Mysql2::VERSION }
    when 'query', 'stream'
      rows = connections[request['conn']].public_send(request['op'], request['sql'], request['params'].map { |v| decode(v) })
      reply = { rows: rows.map { |row| row.map { |v| encode(v) } } }
    when 'exec'
      affected, id = connections[request['conn']].exec(request['sql'], request['params'].map { |v| decode(v) })
      reply = { affected: affected, insertId: id }
    when 'batch'
      connections[request['conn']].batch(request['sql'], request['sets'].map { |set| set.map { |v| decode(v) } })
      reply = {}
    else
      connections[request['conn']].public_send(request['op'])
      reply = {}
    end
  rescue Mysql2::Error => e
    reply = { error: { errno: e.errno || 0, sqlState: e.sql_state || '', message: e.message } }
  rescue StandardError => e
    reply = { error: { errno: 0, sqlState: '', message: "#{e.class}: #{e.message}" } }
  end
  puts JSON.generate(reply)
end
