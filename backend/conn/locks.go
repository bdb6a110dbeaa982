package conn

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Backend is a server process of somebody's. What the role may not see of it is "" or 0.
type Backend struct {
	PID         int
	User        string
	Application string
	State       string        // as pg_stat_activity has it: active, idle in transaction …
	Since       time.Duration // how long it is in that state
}

// LockStrength is the weakest lock on a table that counts, in the order of PostgreSQL's lock modes.
type LockStrength int

// The strengths that are asked for.
const (
	LocksAny     LockStrength = 1 // AccessShareLock: stands in the way of ALTER, DROP, TRUNCATE, LOCK
	LocksRows    LockStrength = 2 // RowShareLock: of a transaction that writes, it may hold rows
	LocksReading LockStrength = 8 // AccessExclusiveLock: nothing else stops a SELECT
)

const backendColumns = `a.pid::pg_catalog.text, a.usename::pg_catalog.text, a.application_name, a.state,
  pg_catalog.floor(extract(epoch from pg_catalog.clock_timestamp() - case when a.state = 'active' then a.query_start else a.state_change end))::pg_catalog.int8::pg_catalog.text`

// LockHolders tells who but the backend except holds locks of at least the strength on any of the tables: the strongest
// first, at most three. A transaction that holds rows shows as a weak lock on their table, and that it has written.
func (p *Pool) LockHolders(ctx context.Context, tables []uint32, except uint32, strength LockStrength) ([]Backend, error) {
	const sql = `select ` + backendColumns + `
  from (select pid, pg_catalog.max(pg_catalog.array_position('{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'::pg_catalog.text[], mode)) as strength
          from pg_catalog.pg_locks
         where granted and locktype = 'relation' and relation = any (pg_catalog.string_to_array($1, ',')::pg_catalog.oid[])
           and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
         group by pid) l
  join pg_catalog.pg_stat_activity a on a.pid = l.pid
 where l.pid <> $2::pg_catalog.int4 and l.strength >= $3::pg_catalog.int4 and (l.strength >= 4 or $3 = '1' or a.backend_xid is not null)
 order by l.strength desc, a.xact_start limit 3`
	rows, err := p.Query(ctx, sql, list(tables), strconv.FormatUint(uint64(except), 10), strconv.Itoa(int(strength)))
	return backends(rows), err
}

// Backends tells who the backends with these pids are, without except: at most three.
func (p *Pool) Backends(ctx context.Context, pids []uint32, except uint32) ([]Backend, error) {
	const sql = `select ` + backendColumns + `
  from pg_catalog.pg_stat_activity a
 where a.pid = any (pg_catalog.string_to_array($1, ',')::pg_catalog.int4[]) and a.pid <> $2::pg_catalog.int4 order by a.pid limit 3`
	rows, err := p.Query(ctx, sql, list(pids), strconv.FormatUint(uint64(except), 10))
	return backends(rows), err
}

func list(numbers []uint32) string {
	parts := make([]string, len(numbers))
	for i, n := range numbers {
		parts[i] = strconv.FormatUint(uint64(n), 10)
	}
	return strings.Join(parts, ",")
}

func backends(rows [][][]byte) []Backend {
	found := make([]Backend, 0, len(rows))
	for _, r := range rows {
		if len(r) != 5 {
			continue // no server of ours says so
		}
		pid, _ := strconv.Atoi(string(r[0]))
		seconds, _ := strconv.Atoi(string(r[4]))
		found = append(found, Backend{PID: pid, User: string(r[1]), Application: string(r[2]), State: string(r[3]), Since: time.Duration(seconds) * time.Second})
	}
	return found
}
