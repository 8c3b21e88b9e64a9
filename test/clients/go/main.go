// go-sql-driver/mysql: a JSON line in, a JSON line out. Modes: `interpolated` (interpolateParams=true, text protocol)
// and `prepared`.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"
)

type request struct {
	Op         string            `json:"op"`
	Conn       string            `json:"conn"`
	Host       string            `json:"host"`
	Port       int               `json:"port"`
	User       string            `json:"user"`
	Password   string            `json:"password"`
	Database   string            `json:"database"`
	CA         *string           `json:"ca"`
	Attributes map[string]string `json:"attributes"`
	Mode       string            `json:"mode"`
	SQL        string            `json:"sql"`
	Params     []any             `json:"params"`
	Sets       [][]any           `json:"sets"`
}

type connection struct {
	pool *sql.DB
	conn *sql.Conn
	tx   *sql.Tx
	text bool
}

type runner interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}

var background = context.Background()

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "github.com/go-sql-driver/mysql" {
				return strings.TrimPrefix(dep.Version, "v")
			}
		}
	}
	return "?"
}

func open(r *request) (*connection, error) {
	config := mysql.NewConfig()
	config.Net = "tcp"
	config.Addr = net.JoinHostPort(r.Host, strconv.Itoa(r.Port))
	config.User, config.Passwd, config.DBName = r.User, r.Password, r.Database
	config.InterpolateParams = r.Mode == "interpolated"
	if err := config.Apply(mysql.Charset("utf8mb4", "utf8mb4_general_ci")); err != nil {
		return nil, err
	}
	pairs := []string{}
	for name, value := range r.Attributes {
		pairs = append(pairs, name+":"+value)
	}
	config.ConnectionAttributes = strings.Join(pairs, ",")
	if r.CA != nil {
		pem, err := os.ReadFile(*r.CA)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		config.TLS = &tls.Config{RootCAs: roots, ServerName: r.Host}
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	conn, err := pool.Conn(background)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &connection{pool: pool, conn: conn, text: config.InterpolateParams}, nil
}

func (c *connection) runner() runner {
	if c.tx != nil {
		return c.tx
	}
	return c.conn
}

func (c *connection) query(text string, params []any) ([][]any, error) {
	rows, err := c.runner().QueryContext(background, text, params...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	result := [][]any{}
	for rows.Next() {
		values, into := make([]any, len(types)), make([]any, len(types))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, value := range values {
			values[i] = encode(value, types[i].DatabaseTypeName())
		}
		result = append(result, values)
	}
	return result, rows.Err()
}

// The driver gives text as bytes: what a column is, its declared type tells.
func encode(value any, declared string) any {
	bytes, ok := value.([]byte)
	if !ok {
		return value
	}
	switch {
	case strings.Contains(declared, "BLOB") || strings.Contains(declared, "BINARY"):
		return map[string]string{"b64": base64.StdEncoding.EncodeToString(bytes)}
	case strings.Contains(declared, "INT"):
		number, _ := strconv.ParseInt(string(bytes), 10, 64)
		return number
	}
	return string(bytes)
}

func decode(value any) any {
	switch v := value.(type) {
	case map[string]any:
		bytes, _ := base64.StdEncoding.DecodeString(v["b64"].(string))
		return bytes
	case float64:
		return int64(v)
	}
	return value
}

func decodeAll(values []any) []any {
	decoded := make([]any, len(values))
	for i, value := range values {
		decoded[i] = decode(value)
	}
	return decoded
}

func (c *connection) batch(text string, sets [][]any) error {
	if c.text {
		head, group, _ := strings.Cut(text, "VALUES ")
		groups, values := []string{}, []any{}
		for _, set := range sets {
			groups, values = append(groups, group), append(values, decodeAll(set)...)
		}
		_, err := c.runner().ExecContext(background, head+"VALUES "+strings.Join(groups, ", "), values...)
		return err
	}
	statement, err := c.runner().PrepareContext(background, text)
	if err != nil {
		return err
	}
	defer statement.Close()
	for _, set := range sets {
		if _, err := statement.ExecContext(background, decodeAll(set)...); err != nil {
			return err
		}
	}
	return nil
}

func (c *connection) control(op string) (err error) {
	switch op {
	case "begin":
		c.tx, err = c.conn.BeginTx(background, nil)
	case "commit":
		err = c.tx.Commit()
		c.tx = nil
	case "rollback":
		err = c.tx.Rollback()
		c.tx = nil
	case "close":
		if c.tx != nil {
			// A connection of database/sql waits for its transaction before it closes.
			c.tx.Rollback()
		}
		c.conn.Close()
		err = c.pool.Close()
	default:
		err = fmt.Errorf("no such request: %s", op)
	}
	return err
}

func answer(connections map[string]*connection, r *request) (map[string]any, error) {
	if r.Op == "open" {
		c, err := open(r)
		if err != nil {
			return nil, err
		}
		connections[r.Conn] = c
		return map[string]any{"version": version()}, nil
	}
	c := connections[r.Conn]
	switch r.Op {
	case "query", "stream":
		rows, err := c.query(r.SQL, decodeAll(r.Params))
		return map[string]any{"rows": rows}, err
	case "exec":
		result, err := c.runner().ExecContext(background, r.SQL, decodeAll(r.Params)...)
		if err != nil {
			return nil, err
		}
		affected, _ := result.RowsAffected()
		id, _ := result.LastInsertId()
		return map[string]any{"affected": affected, "insertId": id}, nil
	case "batch":
		return map[string]any{}, c.batch(r.SQL, r.Sets)
	}
	return map[string]any{}, c.control(r.Op)
}

func describe(err error) map[string]any {
	var server *mysql.MySQLError
	if errors.As(err, &server) {
		return map[string]any{"errno": server.Number, "sqlState": string(server.SQLState[:]), "message": server.Message}
	}
	return map[string]any{"errno": 0, "sqlState": "", "message": err.Error()}
}

func main() {
	connections := map[string]*connection{}
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			panic(err)
		}
		reply, err := answer(connections, &r)
		if err != nil {
			reply = map[string]any{"error": describe(err)}
		}
		if err := output.Encode(reply); err != nil {
			panic(err)
		}
	}
}
