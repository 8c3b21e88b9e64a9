import type { ScriptProtocol } from './script.js';

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Scripts of the suite main that run to their end against a bare server, and how each is played. */
export const DEFAULT_SCRIPTS: readonly {
  readonly protocol: ScriptProtocol;
  readonly names: readonly string[];
}[] = [
  {
    protocol: 'text',
    names: words(`
      multi_statement sp-dynamic sp_trans func_encrypt subselect_mat_cost func_analyse func_bit func_compress func_concat func_crypt func_date_add func_default func_digest
      func_equal func_extract func_group func_hybrid_type func_if func_in func_int func_isnull func_json
      func_like func_op func_regexp func_replace func_rollback func_set func_sformat func_str func_system
      func_test func_time_hires func_timestamp func_weight_string join join_cache_cardinality join_crash
      join_nested join_nested_jcl6 join_optimizer join_outer_innodb ps_10nestset ps_11bugs ps_1general
      ps_2myisam ps_4heap ps_ddl1 ps_grant ps_innodb ps_max_subselect-5113 ps_not_windows ps_qc_innodb
      select select_found select_safe sp sp-anchor-row-type-cursor sp-anchor-row-type-table sp-anchor-type
      sp-big sp-bugs sp-bugs2 sp-condition-handler sp-cursor sp-expr sp-fib sp-for-loop sp-group
      sp-i_s_columns sp-no-code sp-prelocking sp-security-anchor-type sp-threads sp-ucs2 sp2 sp_gis
      sp_missing_4665 sp_notembedded subselect-crash_15755 subselect2 subselect_elimination
      subselect_exists2in_costmat subselect_extra subselect_gis subselect_nulls subselect_nulls_innodb
      subselect_sj_aria subselect_union_rand type_binary type_bit_innodb type_bool type_char
      type_date_round type_datetime_round type_geometry_mix_int type_hex_hybrid type_interval type_json
      type_nchar type_num_innodb type_ranges type_row type_set type_temporal_innodb type_time_6065
      type_time_round type_timestamp_hires type_uint type_varbinary
    `),
  },
  {
    protocol: 'ps',
    names: words(`
      func_concat func_if func_in func_json func_str func_time_hires join join_nested ps_1general
      select_found sp-big sp-cursor sp-row subselect_elimination subselect_gis type_bool type_json
      type_ranges type_row type_set type_uint
    `),
  },
  {
    protocol: 'cursor',
    names: words(`
      func_concat func_if func_in func_json func_str func_time_hires join join_nested ps_1general
      select_found sp-big sp-cursor sp-row subselect_elimination subselect_gis type_bool type_json
      type_ranges type_row type_set type_uint
    `),
  },
];
