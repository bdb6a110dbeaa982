package suggest

import "strings"

// starts are the words a statement begins with, the most common first.
var starts = strings.Fields(`select insert_into update delete_from with create alter drop explain begin commit rollback values table merge_into
truncate show set reset grant revoke comment_on analyze vacuum copy refresh_materialized_view call do prepare execute deallocate lock_table
savepoint release reindex cluster declare fetch close listen notify discard start_transaction`)

// after says what follows a word, wherever it stands in a query.
var after = map[string]string{
	"insert": "into", "delete": "from", "merge": "into", "group": "by", "order": "by", "partition": "by",
	"left": "join outer_join", "right": "join outer_join", "full": "join outer_join", "inner": "join", "cross": "join", "outer": "join",
	"natural": "join left_join inner_join", "is": "null not_null true false distinct_from not_distinct_from unknown",
	"nulls": "first last", "at": "time_zone", "within": "group", "similar": "to", "set": "", "fetch": "first next",
	"for": "update share no_key_update key_share", "conflict": "do_nothing do_update_set on_constraint", "materialized": "(",
	"union": "all select distinct", "intersect": "all select", "except": "all select", "ordinality": "as", "escape": "",
	"rows": "between unbounded_preceding", "range": "between unbounded_preceding", "unbounded": "preceding following",
	"preceding": "and", "tablesample": "bernoulli system", "overriding": "system_value user_value", "nowait": "", "skip": "locked",
}

// operators follow a value.
const operators = "and or is_null is_not_null in not_in like ilike between not_like not_ilike not_between is_distinct_from is_not_distinct_from at_time_zone collate similar_to overlaps"

// values begin a value and are no names.
const beginnings = "case not null true false exists array interval row cast extract current_date current_timestamp current_user current_time localtimestamp session_user any all"

// special are functions the grammar knows and the catalog does not: their arguments.
var special = map[string]struct{ arguments, result string }{
	"coalesce":  {"value, VARIADIC value", "the first that is not null"},
	"nullif":    {"value, null_when_equal_to", "null, or the value"},
	"greatest":  {"value, VARIADIC value", "the largest"},
	"least":     {"value, VARIADIC value", "the smallest"},
	"grouping":  {"VARIADIC group_by_expression", "integer"},
	"cast":      {"value AS type", "the type"},
	"extract":   {"field FROM source", "numeric"},
	"exists":    {"subquery", "boolean"},
	"overlay":   {"text PLACING text FROM integer", "text"},
	"position":  {"text IN text", "integer"},
	"substring": {"text FROM integer FOR integer", "text"},
	"trim":      {"BOTH text FROM text", "text"},
}

// common are functions everybody has, for when the catalog is not known.
var common = strings.Fields(`count sum avg min max array_agg string_agg json_agg jsonb_agg now lower upper length abs round floor ceil
date_trunc date_part to_char to_date concat replace split_part row_number rank dense_rank lag lead first_value last_value
generate_series unnest jsonb_build_object regexp_replace md5 random gen_random_uuid age`)

// commonTypes are the names people write for the types of pg_catalog, the most common first.
var commonTypes = []struct{ name, detail string }{
	{"text", "any length"}, {"integer", "4 bytes"}, {"bigint", "8 bytes"}, {"numeric", "exact"}, {"boolean", ""}, {"timestamptz", "timestamp with time zone"},
	{"timestamp", "without time zone"}, {"date", ""}, {"jsonb", ""}, {"uuid", ""}, {"varchar", "character varying"}, {"smallint", "2 bytes"},
	{"double precision", "8 bytes, inexact"}, {"real", "4 bytes, inexact"}, {"bytea", "bytes"}, {"interval", ""}, {"time", "without time zone"}, {"json", "as text"},
	{"timestamp with time zone", ""}, {"character varying", ""}, {"timetz", "time with time zone"}, {"inet", ""}, {"cidr", ""}, {"macaddr", ""}, {"char", "fixed length"},
	{"xml", ""}, {"tsvector", ""}, {"tsquery", ""}, {"int4range", ""}, {"int8range", ""}, {"numrange", ""}, {"daterange", ""}, {"tstzrange", ""}, {"tsrange", ""},
	{"point", ""}, {"money", ""}, {"bit", ""}, {"oid", ""}, {"regclass", ""}, {"serial", "integer with a sequence"}, {"bigserial", "bigint with a sequence"},
}

// snippets are typed by a short name. ${} is where the caret goes.
var snippets = []struct{ name, text, detail string }{
	{"sel", "select ${}\n  from ", "select … from"},
	{"ins", "insert into ${} ()\nvalues ()", "insert into … values"},
	{"upd", "update ${}\n   set \n where ", "update … set … where"},
	{"cte", "with ${} as (\n  select \n)\nselect * from ", "with … as"},
}

// settings are those people set; the server has more.
var settings = strings.Fields(`search_path statement_timeout lock_timeout idle_in_transaction_session_timeout transaction_timeout idle_session_timeout
work_mem maintenance_work_mem temp_buffers timezone datestyle intervalstyle role client_encoding client_min_messages application_name
default_transaction_isolation default_transaction_read_only default_transaction_deferrable transaction_isolation transaction_read_only
enable_seqscan enable_indexscan enable_indexonlyscan enable_bitmapscan enable_hashjoin enable_mergejoin enable_nestloop enable_hashagg
enable_sort enable_material enable_memoize enable_incremental_sort enable_gathermerge enable_parallel_append enable_parallel_hash
enable_partition_pruning enable_partitionwise_join enable_partitionwise_aggregate random_page_cost seq_page_cost cpu_tuple_cost
effective_cache_size effective_io_concurrency max_parallel_workers_per_gather max_parallel_workers parallel_setup_cost parallel_tuple_cost
min_parallel_table_scan_size jit jit_above_cost plan_cache_mode geqo geqo_threshold from_collapse_limit join_collapse_limit
default_statistics_target constraint_exclusion cursor_tuple_fraction extra_float_digits bytea_output xmlbinary xmloption
row_security session_replication_role standard_conforming_strings synchronous_commit check_function_bodies default_tablespace
default_table_access_method temp_tablespaces temp_file_limit lc_messages lc_monetary lc_numeric lc_time log_statement
log_min_duration_statement log_min_messages track_activities track_io_timing auto_explain.log_min_duration vacuum_cost_delay
hash_mem_multiplier logical_decoding_work_mem max_stack_depth gin_fuzzy_search_limit gin_pending_list_limit password_encryption
server_version server_version_num max_connections shared_buffers data_directory config_file hba_file port listen_addresses wal_level
fsync autovacuum debug_print_plan escape_string_warning quote_all_identifiers array_nulls transform_null_equals`)

// settingValues are what some settings may be set to.
var settingValues = map[string]string{
	"search_path": "", "datestyle": "iso", "intervalstyle": "postgres iso_8601 sql_standard postgres_verbose",
	"default_transaction_isolation": "'read committed' 'repeatable read' serializable", "client_min_messages": "notice warning error debug1 log",
	"synchronous_commit": "on off local remote_write remote_apply", "plan_cache_mode": "auto force_generic_plan force_custom_plan",
	"bytea_output": "hex escape", "constraint_exclusion": "partition on off", "session_replication_role": "origin replica local",
	"timezone": "'UTC' local", "statement_timeout": "'30s' '10min' 0", "lock_timeout": "'5s' '1min' 0", "xmloption": "content document",
	"idle_in_transaction_session_timeout": "'10min' 0", "work_mem": "'64MB' '256MB'",
}

// lockModes are for LOCK … IN.
const lockModes = "access_share_mode row_share_mode row_exclusive_mode share_update_exclusive_mode share_mode share_row_exclusive_mode exclusive_mode access_exclusive_mode"
