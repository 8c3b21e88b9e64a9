-- One event is one point select on the primary key, text protocol. The statement comes as an option, so that every way
-- to the database gets the same one.
sysbench.cmdline.options = {
  statement = {"Statement with %d for the id", ""},
  init = {"Statement for each new connection", ""},
  rows = {"Rows in the table, with ids from 1", 10000}
}

function thread_init()
  drv = sysbench.sql.driver()
  con = drv:connect()
  if sysbench.opt.init ~= "" then con:query(sysbench.opt.init) end
  statement = sysbench.opt.statement
  rows = tonumber(sysbench.opt.rows)
end

function event()
  con:query(string.format(statement, sysbench.rand.uniform(1, rows)))
end

function thread_done()
  con:disconnect()
end
