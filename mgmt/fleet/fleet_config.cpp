#include "mgmt/fleet/fleet_config.h"

namespace mgmt {

void read_fleet(TomlSection& in, FleetSettings& fleet) {
  in.parsed_text("url", fleet.url,
                 "the HTTP interface of ClickHouse, such as \"http://127.0.0.1:8123\" or "
                 "\"https://clickhouse.campus.example:8443\", with neither user nor path",
                 parse_fleet_url);
  in.text("tls_ca", fleet.tls_ca);
  in.refuse_if(!fleet.tls_ca.empty() && !fleet.url.tls, "tls_ca", "beside a url with https");
  in.text("database", fleet.database);
  in.refuse_if(!is_database_name(fleet.database), "database",
               "letters, digits and _, with no digit first, at most 64");
  in.text("user", fleet.user);
  in.refuse_if(!is_sensor_name(fleet.user), "user", "letters, digits, dots, hyphens and _, at most 64");
  in.text("password_file", fleet.password_file);
  in.refuse_if(!fleet.password_file.empty() && !fleet.url.tls && !is_this_machine(fleet.url), "password_file",
               "beside a url with https, or on this machine: else the password crosses the network in clear");
  in.text("sensor", fleet.sensor);
  in.refuse_if(!fleet.sensor.empty() && !is_sensor_name(fleet.sensor), "sensor",
               "letters, digits, dots, hyphens and _, at most 64");
  in.count("spool_bytes", fleet.spool_bytes, kFleetSpoolRange);
  in.count("batch_minutes", fleet.batch_minutes, kFleetBatchMinutesRange);
  in.count("batch_bytes", fleet.batch_bytes, kFleetBatchBytesRange);
  in.refuse_if(fleet.spool_bytes / 2 < fleet.batch_bytes, "batch_bytes", "at most half of spool_bytes");
}

}  // namespace mgmt
