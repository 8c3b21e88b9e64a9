-- One event is one point select on the primary key, text protocol. The table, its rows and the column list come as
-- options, so that the plain and the protected table get the same statement.
sysbench.cmdline.options = {
  table = {"Table to read", "people"},
  rows = {"Rows in it, with ids from 1", 10000}
}

function thread_init()
  drv = sysbench.sql.driver()
  con = drv:connect()
  statement = "SELECT id, username, email FROM " .. sysbench.opt.table .. " WHERE id = %d"
  rows = tonumber(sysbench.opt.rows)
end

function event()
  con:query(string.format(statement, sysbench.rand.uniform(1, rows)))
end

function thread_done()
  con:disconnect()
end
