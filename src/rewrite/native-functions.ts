/**
 * Functions that the servers bring: asked of MySQL 9.7.4 and MariaDB 10.11.19, for every word in their programs,
 * and every end of one (compilers store `length` as the end of `char_length`), whether `SELECT word(…)` is a function
 * that does not exist (error 1305). Any other name is a stored or loadable
 * function, which may write what it is given.
 */
const NATIVE_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  abs account acos add_months adddate addtime aes_decrypt aes_encrypt after against all always any_value
  ascii asin asynchronous_connection_failover_reset at atan atan2 atomic authors auto auto_increment
  autoextend_size avg avg_row_length benchmark bin bin_to_uuid binary binlog_gtid_pos bit_and bit_count
  bit_length bit_or bit_xor block cascaded cast catalog_name ceil ceiling channel char char_length
  character character_length charset chr client coalesce coercibility collation column_add column_check
  column_create column_delete column_exists column_json column_list column_name committed compact compress
  concat concat_operator_oracle concat_ws connection_id consistent context contributors conv convert
  convert_tz cot count cpu crc32 crc32c cume_dist curdate current_date current_pos current_role
  current_role_in current_time current_timestamp current_user current_user_in cursor_name curtime database
  datafile date date_add date_format date_sub datediff dayname dayofmonth dayofweek dayofyear decode
  decode_histogram decode_oracle default definer degrees delay_key_write dense_rank des_decrypt des_encrypt
  des_key_file disable discard disk distinct distinctrow dumpfile duplicate dynamic elsif elt enable encode
  ends engine engines error errors escape etag every exchange exp expansion export export_set extended
  extent_size extract extractvalue fast faults federated field find_in_set first first_value floor
  format_bytes format_pico_time found_rows from_base64 from_days from_unixtime from_vector geomcollection
  geometrycollection get_format get_jdv_property_key_value get_lock glength goto greatest group_concat
  grouping gtid_subset gtid_subtract hard hex high_priority hosts icu_version identified if ifnull import
  inet6_aton inet6_ntoa inet_aton inet_ntoa initial_size innodb_redo_log_sharp_checkpoint
  innodb_set_open_files_limit insert insert_method interval invoker io io_thread ipc is_free_lock is_ipv4
  is_ipv4_compat is_ipv4_mapped is_ipv6 is_used_lock is_uuid isnull isolation issuer json_array
  json_array_append json_array_insert json_arrayagg json_compact json_contains json_contains_path
  json_depth json_detailed json_equals json_exists json_extract json_insert json_keys json_length
  json_loose json_merge json_merge_patch json_merge_preserve json_normalize json_object json_objectagg
  json_overlaps json_pretty json_query json_quote json_remove json_replace json_schema_valid
  json_schema_validation_report json_search json_set json_storage_free json_storage_size json_table
  json_type json_unquote json_valid json_value lag last last_day last_insert_id last_value lastval lcase
  lead least leaves left lengthb level ln load_file localtime localtimestamp locate log log10 log2 lower
  lpad lpad_oracle ltrim ltrim_oracle make_set makedate maketime master_connect_retry master_delay
  master_gtid_pos master_gtid_wait master_heartbeat_period master_host master_log_file master_log_pos
  master_password master_port master_pos_wait master_server_id master_ssl master_ssl_ca master_ssl_capath
  master_ssl_cert master_ssl_cipher master_ssl_crl master_ssl_crlpath master_ssl_key master_use_gtid
  master_user match max max_connections_per_hour max_queries_per_hour max_rows max_size max_statement_time
  max_updates_per_hour max_user_connections mbrcontains mbrcoveredby mbrcovers mbrdisjoint mbrequal
  mbrequals mbrintersects mbroverlaps mbrtouches mbrwithin md5 median message_text mid migrate min min_rows
  minus mod modify monthname multilinestring multipoint multipolygon mutex mysql mysql_errno name
  name_const natural_sort_key nested next nextval no_wait nocache nocycle nodegroup nomaxvalue nominvalue
  none not now nowait nth_value ntile nullif nvl nvl2 oct octet_length of old_password one online ord
  pack_keys package page partial partitioning password path percent_rank percentile_cont percentile_disc
  period_add period_diff pi position pow power prev previous privileges process processlist profile
  profiles proxy ps_current_thread_id ps_thread_id quarter query quick radians raise rand random_bytes rank
  redo_buffer_size redofile redundant regexp_instr regexp_like regexp_replace regexp_substr relay
  relay_log_file relay_log_pos relay_thread relaylog release_all_locks release_lock reload reorganize
  repeat repeatable replace replace_oracle replay replica_pos replication restart resume returned_sqlstate
  returns reuse reverse right roles_graphml row row_count row_format row_number rownum rpad rpad_oracle
  rtrim rtrim_oracle schedule schema schema_name schemas sec_to_time serializable session_user setval
  sformat sha sha1 sha2 sign sin skip slave_pos sleep slow soft soundex source source_pos_wait
  sql_big_result sql_buffer_result sql_cache sql_calc_found_rows sql_no_cache sql_small_result sql_thread
  sql_tsi_day sql_tsi_hour sql_tsi_minute sql_tsi_month sql_tsi_quarter sql_tsi_second sql_tsi_week
  sql_tsi_year sqrt srid st_area st_asbinary st_asgeojson st_astext st_aswkb st_aswkt st_boundary st_buffer
  st_buffer_strategy st_centroid st_collect st_contains st_convexhull st_crosses st_difference st_dimension
  st_disjoint st_distance st_distance_sphere st_endpoint st_envelope st_equals st_exteriorring
  st_frechetdistance st_geohash st_geomcollfromtext st_geomcollfromtxt st_geomcollfromwkb
  st_geometrycollectionfromtext st_geometrycollectionfromwkb st_geometryfromtext st_geometryfromwkb
  st_geometryn st_geometrytype st_geomfromgeojson st_geomfromtext st_geomfromwkb st_hausdorffdistance
  st_interiorringn st_intersection st_intersects st_isclosed st_isempty st_isring st_issimple st_isvalid
  st_latfromgeohash st_latitude st_length st_linefromtext st_linefromwkb st_lineinterpolatepoint
  st_lineinterpolatepoints st_linestringfromtext st_linestringfromwkb st_longfromgeohash st_longitude
  st_makeenvelope st_mlinefromtext st_mlinefromwkb st_mpointfromtext st_mpointfromwkb st_mpolyfromtext
  st_mpolyfromwkb st_multilinestringfromtext st_multilinestringfromwkb st_multipointfromtext
  st_multipointfromwkb st_multipolygonfromtext st_multipolygonfromwkb st_numgeometries st_numinteriorring
  st_numinteriorrings st_numpoints st_overlaps st_pointatdistance st_pointfromgeohash st_pointfromtext
  st_pointfromwkb st_pointn st_pointonsurface st_polyfromtext st_polyfromwkb st_polygonfromtext
  st_polygonfromwkb st_relate st_simplify st_srid st_startpoint st_swapxy st_symdifference st_touches
  st_transform st_union st_validate st_within st_x st_y stage starts statement statement_digest
  statement_digest_text status std stddev stddev_pop stddev_samp storage str_to_date straight_join strcmp
  string_to_vector subclass_origin subdate subject subpartition subpartitions substr substr_oracle
  substring substring_index subtime sum super suspend swaps switches sys_guid sysdate system system_time
  system_user table_checksum table_name tan temporary temptable time time_to_sec timediff timestamp
  timestampadd timestampdiff to_base64 to_char to_days to_seconds to_vector transactional triggers trim
  truncate type ucase uncompress uncompressed_length undo_buffer_size undofile unhex unix_timestamp unknown
  until updatexml upper use_frm user user_resources utc_date utc_time utc_timestamp uuid uuid_short
  uuid_to_bin validate_password_strength value values var_pop var_samp variance vector_dim vector_to_string
  version version_with_update via wait_for_executed_gtid_set warnings week weekday weekofyear weight_string
  without wsrep_last_seen_gtid wsrep_last_written_gtid wsrep_sync_wait_upto_gtid xml year yearweek
  cos day format hour instr length linestring microsecond minute
  month point polygon quote round second space time_format
`
    .trim()
    .split(/\s+/),
);

/** Whether an unqualified function name is a server's own. @param name lower case */
export function isNativeFunction(name: string): boolean {
  return NATIVE_FUNCTIONS.has(name);
}
