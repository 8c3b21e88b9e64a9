import type { ServerKind } from './lane.js';
import type { ScriptProtocol } from './script.js';

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

interface Selection {
  readonly protocol: ScriptProtocol;
  readonly names: readonly string[];
}

/** Played with prepared statements, and once more with cursors. */
const PREPARED = words(`
  func_concat func_if func_in func_json func_str func_time_hires join join_nested ps_1general select_found
  sp-big sp-cursor sp-row subselect_elimination subselect_gis type_bool type_json type_ranges type_row
  type_set type_uint
`);

/** Scripts of the suite main that a run plays without --all: quick ones, the same on any two runs, of every subject; long ones first. */
export const DEFAULT_SCRIPTS: Readonly<Record<ServerKind, readonly Selection[]>> = {
  mariadb: [
    {
      protocol: 'text',
      names: words(`
        sp sp-anchor-row-type-table select adddate_454 auto_increment bigint case cast comment_column
        comment_column2 comment_index comment_table comments compare count_distinct create_drop_db
        create_drop_function create_drop_index create_drop_procedure create_drop_role create_drop_server
        create_drop_trigger create_drop_user create_drop_view create_replace_tmp create_select create_user
        create_utf8 create_w_max_indexes_64 cset_narrowing cte_cycle cte_grant cte_nonrecursive_not_embedded
        cte_recursive_not_embedded ctype_ascii ctype_collate ctype_collate_database ctype_collate_table
        ctype_cp1250_ch ctype_cp850 ctype_cp866 ctype_create ctype_dec8 ctype_errors ctype_filename_innodb
        ctype_hebrew ctype_latin1_de ctype_latin2 ctype_latin2_ch ctype_many ctype_mb ctype_partitions
        ctype_recoding ctype_sjis_innodb ctype_swe7 ctype_tis620 ctype_ucs2_def ctype_ujis_ucs2 ctype_utf16_def
        ctype_utf32_def ctype_utf32_innodb ctype_utf8mb3_innodb custom_aggregates_i_s date_formats datetime_456
        default_innodb delete delete_innodb delete_returning delete_returning_grant
        delimiter_command_case_sensitivity derived_cond_pushdown_innodb derived_split_innodb desc_index_range
        distinct_notembedded empty_string_literal endspace except except_all explain_innodb explain_json
        explain_json_format_partitions explain_json_innodb explain_non_select filesort_bad_i_s-7585
        fulltext_derived_4257 fulltext_derived_4316 fulltext_distinct fulltext_left_join fulltext_multi
        fulltext_order_by fulltext_update func_analyse func_bit func_compress func_concat func_crypt
        func_date_add func_default func_des_encrypt func_digest func_encrypt func_encrypt_ucs2 func_equal
        func_extract func_group func_group_innodb func_hybrid_type func_if func_in func_int func_isnull
        func_json func_like func_op func_regexp func_regexp_pcre func_replace func_rollback func_sapdb func_set
        func_sformat func_str func_system func_test func_time_hires func_time_round func_timestamp
        func_weight_string gis-alter_table_online gis-json gis-rt-precise grant_explain_non_select
        grant_lowercase grant_master_admin grant_read_only grant_server grant_slave_admin grant_slave_monitor
        grant_utf8_cli group_by_innodb group_min_max_notembedded having in_datetime_241 information_schema2
        information_schema_columns information_schema_inno information_schema_parameters information_schema_part
        information_schema_prepare information_schema_routines information_schema_tables innodb_group
        insert_update_autoinc-7150 join join_cache_cardinality join_crash join_nested join_nested_jcl6
        join_optimizer join_outer_innodb json_equals json_normalize limit lock_tables_lost_commit
        locked_temporary-5955 locking_clause long_unique_bugs_no_sp_protocol long_unique_delayed
        long_unique_update long_unique_using_hash lowercase_table_grant lowercase_utf8 max_session_mem_used
        mrr_derived_crash_4610 multi_statement order_by_optimizer partition_sp partition_truncate prepare
        ps_10nestset ps_11bugs ps_1general ps_2myisam ps_4heap ps_change_master ps_ddl1 ps_grant ps_innodb
        ps_max_subselect-5113 ps_missed_cmds_not_embedded ps_not_windows ps_qc_innodb select_found select_safe
        set_statement_profiling show_function_with_pad_char_to_full_length show_row_order-9226 signal_demo1
        signal_demo2 sp-anchor-row-type-cursor sp-anchor-type sp-big sp-bugs sp-bugs2 sp-condition-handler
        sp-cursor sp-dynamic sp-expr sp-fib sp-for-loop sp-group sp-i_s_columns sp-memory-leak sp-no-code
        sp-no-valgrind sp-prelocking sp-security-anchor-type sp-threads sp-ucs2 sp2 sp_gis sp_missing_4665
        sp_notembedded sp_trans statement-expr strict_autoinc_1myisam strict_autoinc_2innodb
        strict_autoinc_3heap subselect-crash_15755 subselect2 subselect_elimination subselect_exists2in_costmat
        subselect_extra subselect_gis subselect_mat_cost subselect_notembedded subselect_nulls
        subselect_nulls_innodb subselect_sj_aria subselect_union_rand trigger-33083 trigger_no_defaults-11698
        truncate-stale-6500 truncate_badse truncate_notembedded type_binary type_bit_innodb type_bool type_char
        type_date_round type_datetime_round type_geometry_mix_int type_hex_hybrid type_interval type_json
        type_nchar type_num_innodb type_ranges type_row type_set type_temporal_innodb type_time_6065
        type_time_round type_timestamp_hires type_uint type_varbinary win_lead_lag win_min_max win_nth_value
        win_ntile win_percent_cume win_rank win_sum
      `),
    },
    {
      protocol: 'ps',
      names: PREPARED,
    },
    {
      protocol: 'cursor',
      names: PREPARED,
    },
  ],
  mysql: [
    {
      protocol: 'text',
      names: words(`
      comment_index comments compare count_distinct create_drop_db create_drop_function create_drop_index
      create_drop_procedure create_drop_role create_drop_server create_drop_trigger
      create_drop_view create_utf8 cte_cycle cte_nonrecursive_not_embedded cte_recursive_not_embedded
      ctype_ascii ctype_cp850 ctype_cp932 ctype_create ctype_dec8 ctype_errors ctype_mb ctype_ucs2_def
      custom_aggregates_i_s delete_returning_grant empty_string_literal except except_all fulltext_distinct
      fulltext_multi fulltext_update func_bit func_crypt func_date_add func_des_encrypt func_digest func_encrypt
      func_equal func_int func_op func_regexp_pcre func_replace func_sapdb func_set func_test
      gis-alter_table_online gis_notembedded grant_4332 grant_slave_monitor invisible_field_grant_system
      join_crash json_equals json_normalize key_primary locking_clause long_unique_bugs_no_sp_protocol
      long_unique_delayed long_unique_update long_unique_using_hash lowercase_table_grant mrr_derived_crash_4610
      multi_update_tiny_hash prepare ps_10nestset ps_change_master ps_missed_cmds_not_embedded reopen_temp_table
      rollback show_function_with_pad_char_to_full_length show_row_order-9226 signal_demo1 signal_demo2
      signal_demo3 signal_sqlmode sp-condition-handler sp-expr sp-fib sp-for-loop sp-group sp-i_s_columns
      sp-memory-leak sp-no-valgrind sp-ucs2 sp_gis sp_notembedded str_to_datetime_457 strict_autoinc_1myisam
      strict_autoinc_3heap subselect-crash_15755 truncate_notembedded type_char type_geometry_mix_int
      type_hex_hybrid type_interval type_json type_nchar type_row type_varbinary win_as_arg_to_aggregate_func
      win_avg win_bit win_lead_lag win_nth_value win_ntile win_percent_cume win_rank win_std win_sum
      `),
    },
  ],
};
