package suggest

import "strings"

// wanted is what may follow in a statement that is no query.
type wanted struct {
	// clause is relation, type, schema, function, procedure, column, role, setting, value, language; "" for words only.
	clause string
	kinds  string // of relations, as pg_class.relkind
	target bool   // the relation is the one whose columns follow
	words  string // keywords, with "_" for the blank inside of one, best first
}

const (
	tables      = "rpf"
	readable    = "rpfvm"
	actions     = "add alter drop rename_column rename_to owner_to set_schema set attach_partition detach_partition enable disable inherit no_inherit validate_constraint"
	afterType   = "not_null default primary_key references unique check generated_always_as generated_by_default_as_identity generated_always_as_identity collate constraint"
	objectTypes = "table view materialized_view index schema sequence function procedure type domain trigger role user database extension policy rule aggregate foreign_table server publication subscription event_trigger"
)

// expectations are read from the top. A pattern that begins with … fits the end of the trail, any other all of it.
var expectations = []struct {
	trail string
	wanted
}{
	// What begins the same in many statements.
	{"…references", wanted{clause: "relation", kinds: "rp"}},
	{"…inherits (", wanted{clause: "relation", kinds: tables}},
	{"…partition of", wanted{clause: "relation", kinds: "p"}},
	{"…attach partition", wanted{clause: "relation", kinds: "rpf"}},
	{"…detach partition", wanted{clause: "relation", kinds: "rpf"}},
	{"…owned by", wanted{clause: "relation", kinds: tables, words: "none"}},
	{"…owner to", wanted{clause: "role", words: "current_user session_user"}},
	{"…set schema", wanted{clause: "schema"}},
	{"…execute function", wanted{clause: "function"}},
	{"…execute procedure", wanted{clause: "function"}},
	{"…execute", wanted{words: "function"}},
	{"…language", wanted{clause: "language"}},
	{"…primary", wanted{words: "key"}},
	{"…foreign", wanted{words: "key"}},
	{"…foreign key ()", wanted{words: "references"}},
	{"…generated", wanted{words: "always_as always_as_identity by_default_as_identity"}},
	{"…on delete", wanted{words: "cascade restrict set_null set_default no_action"}},
	{"…on update", wanted{words: "cascade restrict set_null set_default no_action"}},

	{"create", wanted{words: "table view materialized_view index unique_index function procedure or_replace schema sequence type domain trigger temporary_table unlogged_table extension role user database policy aggregate foreign_table event_trigger publication subscription server"}},
	{"create or", wanted{words: "replace"}},
	{"create materialized", wanted{words: "view"}},
	{"create foreign", wanted{words: "table data_wrapper"}},
	{"create event", wanted{words: "trigger"}},
	{"create table", wanted{clause: "schema", words: "if_not_exists"}},
	{"create schema", wanted{words: "if_not_exists authorization"}},
	{"create sequence", wanted{clause: "schema", words: "if_not_exists"}},
	{"create extension", wanted{words: "if_not_exists"}},
	{"create view", wanted{clause: "schema"}},
	{"create function", wanted{clause: "schema"}},
	{"create procedure", wanted{clause: "schema"}},
	{"create materialized view", wanted{clause: "schema", words: "if_not_exists"}},
	{"create type", wanted{clause: "schema"}},
	{"create domain", wanted{clause: "schema"}},
	{"create type ·", wanted{words: "as_enum as as_range"}},
	{"create type · as", wanted{words: "enum range"}},
	{"create domain ·", wanted{words: "as"}},
	{"create domain · as", wanted{clause: "type"}},
	{"create domain · as ·", wanted{words: "check not_null default constraint collate"}},
	{"create table ·", wanted{words: "as partition_of of"}},
	{"create table · as", wanted{words: "select with values table"}},
	{"create view ·", wanted{words: "as with"}},
	{"create view · as", wanted{words: "select with values table"}},
	{"create view · () as", wanted{words: "select with values table"}},
	{"create materialized view ·", wanted{words: "as"}},
	{"create materialized view · as", wanted{words: "select with values table"}},
	{"create table · ()", wanted{words: "partition_by inherits tablespace with on_commit"}},
	{"create table · () partition by", wanted{words: "range list hash"}},
	{"create table · partition of ·", wanted{words: "for_values_from for_values_in for_values_with default"}},
	{"create index", wanted{words: "on concurrently if_not_exists"}},
	{"create index ·", wanted{words: "on"}},
	{"…index on", wanted{clause: "relation", kinds: "rpm", target: true}},
	{"…index · on", wanted{clause: "relation", kinds: "rpm", target: true}},
	{"create index on ·", wanted{words: "using"}},
	{"create index · on ·", wanted{words: "using"}},
	{"create index on · using", wanted{words: "btree hash gin gist brin spgist"}},
	{"create index · on · using", wanted{words: "btree hash gin gist brin spgist"}},
	{"create index on · ()", wanted{words: "include where with tablespace nulls_not_distinct"}},
	{"create index · on · ()", wanted{words: "include where with tablespace nulls_not_distinct"}},
	{"create trigger ·", wanted{words: "before after instead_of"}},
	{"create trigger · before", wanted{words: "insert update delete insert_or_update truncate"}},
	{"create trigger · after", wanted{words: "insert update delete insert_or_update truncate"}},
	{"create policy · on", wanted{clause: "relation", kinds: "rp", target: true}},
	{"create policy ·", wanted{words: "on"}},
	{"create policy · on ·", wanted{words: "for to using with_check as_permissive as_restrictive"}},
	{"create function · () returns", wanted{clause: "type", words: "table setof trigger void"}},
	{"…returns setof", wanted{clause: "type", kinds: readable}},
	{"create function · ()", wanted{words: "returns language"}},
	{"create procedure · ()", wanted{words: "language as"}},
	{"create function · () returns ·", wanted{words: "language as immutable stable volatile strict security_definer parallel_safe"}},

	// Columns, constraints, arguments in parentheses.
	{"column", wanted{words: "constraint primary_key foreign_key unique check exclude like"}},
	{"column ·", wanted{clause: "type"}},
	{"column constraint·", wanted{}},
	{"column constraint· constraint ·", wanted{words: "primary_key foreign_key unique check exclude"}},
	{"column constraint· like", wanted{clause: "relation", kinds: readable}},
	{"…like ·", wanted{words: "including_all including_defaults including_indexes"}},
	{"argument", wanted{words: "in out inout variadic"}},
	{"argument ·", wanted{clause: "type"}},
	{"argument · ·", wanted{words: "default"}},
	{"…references ·", wanted{words: "on_delete on_update deferrable match_full"}},
	{"…references · ()", wanted{words: "on_delete on_update deferrable match_full"}},
	{"…not", wanted{words: "null valid deferrable"}},

	{"alter", wanted{words: objectTypes + " system default_privileges"}},
	{"alter default", wanted{words: "privileges"}},
	{"alter system", wanted{words: "set reset"}},
	{"alter system set", wanted{clause: "setting"}},
	{"alter system reset", wanted{clause: "setting", words: "all"}},
	{"alter table", wanted{clause: "relation", kinds: tables, target: true}},
	{"alter foreign table", wanted{clause: "relation", kinds: "f", target: true}},
	{"alter view", wanted{clause: "relation", kinds: "v", target: true}},
	{"alter materialized view", wanted{clause: "relation", kinds: "m", target: true}},
	{"alter sequence", wanted{clause: "relation", kinds: "S"}},
	{"alter type", wanted{clause: "type"}},
	{"alter type ·", wanted{words: "add_value rename_value rename_to owner_to set_schema"}},
	{"alter domain", wanted{clause: "type"}},
	{"alter schema", wanted{clause: "schema"}},
	{"alter function", wanted{clause: "function"}},
	{"alter procedure", wanted{clause: "procedure"}},
	{"alter role", wanted{clause: "role"}},
	{"alter user", wanted{clause: "role"}},
	{"alter role ·", wanted{words: "with set reset rename_to"}},
	{"alter role · set", wanted{clause: "setting"}},
	{"alter database · set", wanted{clause: "setting"}},
	{"alter schema ·", wanted{words: "rename_to owner_to"}},
	{"alter table ·", wanted{words: actions}},
	{"alter table · add", wanted{words: "column constraint primary_key foreign_key unique check"}},
	{"alter table · add column", wanted{words: "if_not_exists"}},
	{"alter table · add column ·", wanted{clause: "type"}},
	{"alter table · add ·", wanted{clause: "type"}},
	{"alter table · add column · ·", wanted{words: afterType}},
	{"alter table · add · ·", wanted{words: afterType}},
	{"alter table · add constraint ·", wanted{words: "primary_key foreign_key unique check exclude"}},
	{"alter table · drop", wanted{clause: "column", words: "column constraint"}},
	{"alter table · drop column", wanted{clause: "column", words: "if_exists"}},
	{"alter table · drop column ·", wanted{words: "cascade restrict"}},
	{"alter table · drop ·", wanted{words: "cascade restrict"}},
	{"alter table · alter", wanted{clause: "column", words: "column constraint"}},
	{"alter table · alter column", wanted{clause: "column"}},
	{"alter table · alter column ·", wanted{words: "type set_default drop_default set_not_null drop_not_null set_statistics set_storage add_generated drop_identity drop_expression"}},
	{"alter table · alter ·", wanted{words: "type set_default drop_default set_not_null drop_not_null"}},
	{"alter table · alter column · set", wanted{words: "default not_null data_type statistics storage"}},
	{"alter table · alter column · drop", wanted{words: "default not_null identity expression"}},
	{"alter table · alter column · type", wanted{clause: "type"}},
	{"alter table · alter · type", wanted{clause: "type"}},
	{"alter table · alter column · type ·", wanted{words: "using collate"}},
	{"alter table · alter · type ·", wanted{words: "using collate"}},
	{"alter table · rename", wanted{clause: "column", words: "column to constraint"}},
	{"alter table · rename column", wanted{clause: "column"}},
	{"alter table · rename column ·", wanted{words: "to"}},
	{"alter table · rename ·", wanted{words: "to"}},
	{"alter table · set", wanted{words: "schema tablespace logged unlogged without_cluster"}},
	{"alter table · owner", wanted{words: "to"}},
	{"alter table · enable", wanted{words: "row_level_security trigger rule"}},
	{"alter table · disable", wanted{words: "row_level_security trigger rule"}},
	{"alter view ·", wanted{words: "rename_to owner_to set_schema alter_column"}},
	{"alter sequence ·", wanted{words: "restart_with increment_by owned_by rename_to owner_to"}},
	{"alter function ·", wanted{words: "rename_to owner_to set_schema"}},

	{"drop", wanted{words: objectTypes}},
	{"drop table", wanted{clause: "relation", kinds: "rp", words: "if_exists"}},
	{"drop view", wanted{clause: "relation", kinds: "v", words: "if_exists"}},
	{"drop materialized view", wanted{clause: "relation", kinds: "m", words: "if_exists"}},
	{"drop materialized", wanted{words: "view"}},
	{"drop foreign table", wanted{clause: "relation", kinds: "f", words: "if_exists"}},
	{"drop foreign", wanted{words: "table data_wrapper"}},
	{"drop sequence", wanted{clause: "relation", kinds: "S", words: "if_exists"}},
	{"drop schema", wanted{clause: "schema", words: "if_exists"}},
	{"drop type", wanted{clause: "type", words: "if_exists"}},
	{"drop domain", wanted{clause: "type", words: "if_exists"}},
	{"drop function", wanted{clause: "function", words: "if_exists"}},
	{"drop procedure", wanted{clause: "procedure", words: "if_exists"}},
	{"drop aggregate", wanted{clause: "function", words: "if_exists"}},
	{"drop role", wanted{clause: "role", words: "if_exists"}},
	{"drop user", wanted{clause: "role", words: "if_exists"}},
	{"drop index", wanted{clause: "schema", words: "concurrently if_exists"}},
	{"drop trigger ·", wanted{words: "on"}},
	{"drop policy ·", wanted{words: "on"}},
	{"drop trigger · on", wanted{clause: "relation", kinds: readable}},
	{"drop policy · on", wanted{clause: "relation", kinds: "rp"}},

	{"comment", wanted{words: "on"}},
	{"comment on", wanted{words: "table column view schema function type index materialized_view sequence constraint trigger database role"}},
	{"comment on table", wanted{clause: "relation", kinds: "rp"}},
	{"comment on view", wanted{clause: "relation", kinds: "v"}},
	{"comment on foreign table", wanted{clause: "relation", kinds: "f"}},
	{"comment on materialized view", wanted{clause: "relation", kinds: "m"}},
	{"comment on sequence", wanted{clause: "relation", kinds: "S"}},
	{"comment on column", wanted{clause: "member", kinds: readable}},
	{"comment on schema", wanted{clause: "schema"}},
	{"comment on function", wanted{clause: "function"}},
	{"comment on type", wanted{clause: "type"}},
	{"comment on domain", wanted{clause: "type"}},
	{"comment on role", wanted{clause: "role"}},
	{"comment on constraint · on", wanted{clause: "relation", kinds: tables}},
	{"comment on trigger · on", wanted{clause: "relation", kinds: tables}},

	{"truncate", wanted{clause: "relation", kinds: "rp", words: "table"}},
	{"truncate table", wanted{clause: "relation", kinds: "rp"}},
	{"truncate ·", wanted{words: "cascade restart_identity restrict"}},
	{"truncate table ·", wanted{words: "cascade restart_identity restrict"}},
	{"vacuum", wanted{clause: "relation", kinds: "rpm", target: true, words: "analyze full verbose freeze"}},
	{"vacuum ()", wanted{clause: "relation", kinds: "rpm", target: true}},
	{"vacuum analyze", wanted{clause: "relation", kinds: "rpm", target: true}},
	{"vacuum full", wanted{clause: "relation", kinds: "rpm", target: true}},
	{"vacuum verbose", wanted{clause: "relation", kinds: "rpm", target: true}},
	{"analyze", wanted{clause: "relation", kinds: "rpmf", target: true, words: "verbose"}},
	{"analyse", wanted{clause: "relation", kinds: "rpmf", target: true}},
	{"analyze verbose", wanted{clause: "relation", kinds: "rpmf", target: true}},
	{"lock", wanted{clause: "relation", kinds: "rpv", words: "table"}},
	{"lock table", wanted{clause: "relation", kinds: "rpv"}},
	{"lock ·", wanted{words: "in"}},
	{"lock table ·", wanted{words: "in nowait"}},
	{"…in", wanted{clause: "lock or schema"}},
	{"copy", wanted{clause: "relation", kinds: readable, target: true}},
	{"copy ·", wanted{words: "from to"}},
	{"copy · ()", wanted{words: "from to"}},
	{"copy ()", wanted{words: "to"}},
	{"copy · from", wanted{words: "stdin program"}},
	{"copy · to", wanted{words: "stdout program"}},
	{"copy · () from", wanted{words: "stdin program"}},
	{"copy () to", wanted{words: "stdout program"}},
	{"refresh", wanted{words: "materialized_view"}},
	{"refresh materialized", wanted{words: "view"}},
	{"refresh materialized view", wanted{clause: "relation", kinds: "m", words: "concurrently"}},
	{"cluster", wanted{clause: "relation", kinds: "rpm", words: "verbose"}},
	{"reindex", wanted{words: "table index schema database system"}},
	{"reindex table", wanted{clause: "relation", kinds: "rpm", words: "concurrently"}},
	{"reindex schema", wanted{clause: "schema"}},

	{"set", wanted{clause: "setting", words: "local session role transaction constraints"}},
	{"set session", wanted{clause: "setting", words: "authorization characteristics"}},
	{"set role", wanted{clause: "role", words: "none"}},
	{"set transaction", wanted{words: "isolation_level_serializable isolation_level_repeatable_read isolation_level_read_committed read_only read_write"}},
	{"set ·", wanted{words: "to"}},
	{"set session ·", wanted{words: "to"}},
	{"set · to", wanted{clause: "value"}},
	{"set · =", wanted{clause: "value"}},
	{"set session · to", wanted{clause: "value"}},
	{"set session · =", wanted{clause: "value"}},
	{"show", wanted{clause: "setting", words: "all"}},
	{"reset", wanted{clause: "setting", words: "all role"}},

	{"grant", wanted{words: "select insert update delete all usage execute create connect references trigger truncate temporary maintain"}},
	{"revoke", wanted{words: "select insert update delete all usage execute create connect references trigger truncate temporary grant_option_for"}},
	{"call", wanted{clause: "procedure"}},
	{"do", wanted{words: "language"}},
	{"begin", wanted{words: "transaction isolation_level_serializable isolation_level_repeatable_read read_only read_write"}},
	{"start", wanted{words: "transaction"}},
	{"commit", wanted{words: "and_chain"}},
	{"rollback", wanted{words: "to_savepoint and_chain"}},
	{"discard", wanted{words: "all plans sequences temp"}},
	{"explain", wanted{words: "analyze verbose select insert update delete with"}},
	{"explain (", wanted{words: "analyze buffers verbose costs settings timing format wal summary"}},
	{"prepare ·", wanted{words: "as"}},
	{"declare ·", wanted{words: "cursor_for scroll_cursor_for"}},

	// In INSERT, DELETE and MERGE, where the reader has no clause of its own.
	{"insert", wanted{words: "into"}},
	{"delete", wanted{words: "from"}},
	{"merge", wanted{words: "into"}},
	{"on", wanted{words: "conflict"}},
	{"on conflict", wanted{words: "do_nothing do_update_set on_constraint"}},
	{"on conflict (", wanted{words: "do_update_set do_nothing where"}},
	{"on conflict do", wanted{words: "nothing update_set"}},
	{"do update", wanted{words: "set"}},
	{"when", wanted{words: "when_matched_then when_not_matched_then when_not_matched_by_source_then returning"}},
	{"…then", wanted{words: "update_set insert delete do_nothing"}},
	{"when matched", wanted{words: "then and"}},
	{"when not", wanted{words: "matched"}},
	{"when not matched", wanted{words: "then and by_source by_target"}},
}

var exact, suffixes = func() (map[string]wanted, map[string]wanted) {
	exact, suffixes := map[string]wanted{}, map[string]wanted{}
	for _, e := range expectations {
		if s, ok := strings.CutPrefix(e.trail, "…"); ok {
			suffixes[s] = e.wanted
		} else if _, double := exact[e.trail]; !double {
			exact[e.trail] = e.wanted
		}
	}
	return exact, suffixes
}()

// expect tells what may follow a trail.
func expect(trail []string) wanted {
	s := strings.Join(trail, " ")
	if w, ok := exact[s]; ok {
		return w
	}
	if len(trail) > 0 && (trail[0] == "grant" || trail[0] == "revoke") {
		return expectGrant(trail)
	}
	// A column or argument with all kinds of types before: what follows any of them.
	for n := min(4, len(trail)); n > 0; n-- {
		if w, ok := suffixes[strings.Join(trail[len(trail)-n:], " ")]; ok {
			return w
		}
	}
	switch {
	case len(trail) > 2 && trail[0] == "column" && trail[1] == "·":
		return wanted{words: afterType}
	case strings.HasPrefix(s, "alter table · add ·"), strings.HasPrefix(s, "alter table · add column ·"):
		return wanted{words: afterType}
	case strings.HasPrefix(s, "create trigger ·") && !strings.Contains(s, " on "):
		if trail[len(trail)-1] == "on" {
			return wanted{clause: "relation", kinds: readable, target: true}
		}
		return wanted{words: "on or of"}
	case strings.HasPrefix(s, "create trigger ·"):
		return wanted{words: "for_each_row for_each_statement when execute_function"}
	case strings.HasPrefix(s, "create function · () returns"):
		return wanted{words: "language as immutable stable volatile strict security_definer parallel_safe"}
	case strings.HasPrefix(s, "drop ") && trail[len(trail)-1] == "·":
		return wanted{words: "cascade restrict"}
	case strings.HasPrefix(s, "comment on ") && (trail[len(trail)-1] == "·" || trail[len(trail)-1] == "()"):
		return wanted{words: "is"}
	}
	return wanted{}
}

// expectGrant tells what follows in GRANT and REVOKE.
func expectGrant(trail []string) wanted {
	last := trail[len(trail)-1]
	at := func(word string) bool {
		for _, w := range trail {
			if w == word {
				return true
			}
		}
		return false
	}
	to := "to"
	if trail[0] == "revoke" {
		to = "from"
	}
	switch {
	case last == "on", last == "table":
		words := ""
		if last == "on" {
			words = "schema all_tables_in_schema table function sequence all_sequences_in_schema all_functions_in_schema database type"
		}
		return wanted{clause: "relation", kinds: readable, words: words}
	case last == "schema":
		return wanted{clause: "schema"}
	case last == "function", last == "routine":
		return wanted{clause: "function"}
	case last == "procedure":
		return wanted{clause: "procedure"}
	case last == "sequence":
		return wanted{clause: "relation", kinds: "S"}
	case last == "type", last == "domain":
		return wanted{clause: "type"}
	case last == to:
		return wanted{clause: "role", words: "public current_user"}
	case last == "in":
		return wanted{words: "schema"}
	case at(to):
		return wanted{words: "with_grant_option granted_by cascade"}
	case at("on"):
		return wanted{words: to}
	}
	return wanted{words: "on " + to}
}
