// What `tapline --help` and `tapline COMMAND --help` print; tapline(1) says more.
#pragma once

#include <string_view>

namespace mgmt {

inline constexpr std::string_view kTaplineHelp =
    R"(tapline - which hosts behave as hosts under attack do, seen from the wire

Usage: tapline COMMAND [OPTION...]

Commands:
  replay         read capture files and report on DNS and TCP connections
  run            capture from the tap's ports until stopped, and report
  status         how the running sensor is: health, rates, losses
  top            its busiest clients, names, ports ...
  show           a host, the pairing, the delays ...
  findings       what its detectors found
  series         its curves
  reload         have it read its configuration again
  privacy        keys that hide addresses, and who hides behind one
  config         check a configuration file, or show what it comes to
  patterns       check a pattern file, or try it on names
  mail           what a mail server's logs come to, day by day
  regress        explain DNS queries, or any column, by mail sessions
  history        what was it then: counts, findings and gaps of the past
  fleet          tables for the minutes of many sensors, and what waits here
  capture        keep frames on disk, and cut out those of a time and a host
  doctor         check this machine and the configured ports
  bench          find out what this box holds
  help COMMAND   what COMMAND does and takes

Options:
  -h, --help     print this
  -V, --version  print the version

Example:
  tapline replay capture.pcap.gz
)";

inline constexpr std::string_view kReplayHelp =
    R"(tapline replay - read capture files and report on DNS and TCP connections

Usage: tapline replay [OPTION...] [FILE...]

Reads pcap and pcapng, plain or compressed with gzip or zstd; several files as
one stream in time order; - is standard input. Needs no root and no NIC. With
a configuration that names the internal networks and the mail and DNS servers,
the report begins with findings: which hosts are under attack or infected.

Analysis:
  --window SECONDS      a SYN follows an answer up to this long after it
                        (above 0, up to 3600; 0.5 and 500ms are the same) [1]
  --correlate MODE      client: the SYN comes from the client that got the
                        answer; address: from anyone [client]

Logs, merged with the captures by time, or alone:
  --maillog HOST=FILE   log of a mail server: Postfix, sendmail, Dovecot,
                        qpopper; HOST is its address, or its name in the
                        configuration; plain, gzip or zstd, as often as needed
  --querylog HOST=FILE  query log of a DNS server: BIND, Unbound, dnsmasq, iplog
  --log-zone ZONE       of times without one: UTC, +09:00 [this machine's]
  --log-year YEAR       of the first line, where times have none [the year in
                        which the file was last written to]
  --pcap FILE           the same as FILE

Curves:
  --series HOST         print what HOST did over time instead of the report: its
                        address, or the name of a server of the configuration
  --step STEP           1s, 1m, 1h or 1d [1s]
  --csv                 as a table with every count; --json likewise

Report:
  --json                print one JSON object instead of text
  --top N               rows of each ranking in the text, 1 to 1000 [10]
  --no-color            plain text on a terminal; so does NO_COLOR
  --no-progress         no progress bar on a terminal

Running:
  --config FILE         read defaults from FILE; options here win over it
  --workers N           threads that decode, 1 to 64 [1]
  --shards N            threads that pair and count, 1 to 64 [1]
                        (the results depend on neither)
  -h, --help            print this

Exit status:
  0  all was read
  1  something could not be read; the report covers what was
  2  wrong usage or configuration

Examples:
  tapline replay monday.pcapng tuesday.pcapng
  tapline replay --correlate address --window 0.5 outside.pcap.zst
  tapline replay --config site.toml --series mx --step 1m monday.pcap
  tcpdump -w - -i eth0 'port 53 or tcp' | tapline replay --json - | jq .pairing
)";

inline constexpr std::string_view kRunHelp =
    R"(tapline run - capture from the tap's ports until stopped, and report

Usage: tapline run [OPTION...]

Reads the ports that the configuration names, each [[port]], with DPDK. On a
terminal it prints a line a second; SIGINT (Ctrl-C) and SIGTERM make it read
what the queues still hold and print the report. SIGHUP makes it read the
configuration again: decode.dedup, the pattern file and the local domains can
change while capturing; event logs that were moved are opened anew. Findings are
told as they begin and end, and each [[event_log]] gets them as JSON. With
[syslog] it takes the logs of the configured servers by syslog as well.
Needs root, or CAP_NET_RAW, CAP_NET_ADMIN and what the NIC's driver asks for.

Options:
  --config FILE  the configuration [/etc/tapline/tapline.toml]
  --for TIME     stop after TIME, such as 10s
  --json         print the report as one JSON object
  --top N        rows of each ranking in the text, 1 to 1000 [10]
  --stay         when the ports are capture files and at their ends, answer on
                 ('tapline status', the page) until stopped
  --no-lines     no line a second on a terminal
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  stopped as asked, and every frame is accounted for
  1  a port could not be opened, nor syslog listened for, or something could
     not be written
  2  wrong usage or configuration
)";

inline constexpr std::string_view kStatusHelp =
    R"(tapline status - how the running sensor is: health, rates, losses

Usage: tapline status [OPTION...]

Asks the 'tapline run' of this machine through its Unix socket.

Options:
  --socket PATH  where the sensor answers [/run/tapline/tapline.sock]
  --json         print the API's JSON
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  answered
  1  the sensor does not answer, or has no answer to this
  2  wrong usage
)";

inline constexpr std::string_view kTopHelp =
    R"(tapline top - rankings of the running sensor, since its start

Usage: tapline top RANKING [OPTION...]

  clients        by queries, connections and QUIC Initials
  names          asked for
  domains        asked for, as registered
  ports          destination ports of connections, and how many were paired
  smtp-clients   of each mail server
  unresolved     destinations that no answer told anybody

Options:
  --top N        rows, 1 to 1000 [10]
  --follow       again and again until stopped
  --every TIME   likewise, each TIME from 200ms on [2s]
  --socket PATH  where the sensor answers [/run/tapline/tapline.sock]
  --json         print the API's JSON
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  answered
  1  the sensor does not answer, or has no answer to this
  2  wrong usage

Example:
  tapline top clients --follow
)";

inline constexpr std::string_view kShowHelp =
    R"(tapline show - what the running sensor knows

Usage: tapline show host HOST [--step STEP] [OPTION...]
       tapline show PART [OPTION...]

  host HOST      all that is known of a host, with its curves if they are kept;
                 HOST is an address, or the name of a server
  pairing        DNS answers and the connections that follow (tables 1 to 4)
  delay          how long after the answers (figure 5)
  dns            queries and responses
  mail           what the logs of the mail servers come to
  patterns       names that matched patterns
  summary        the whole report so far
  config         the configuration in force

Options:
  --step STEP    of a host's curves: 1s, 1m, 1h or 1d [1m]
  --socket PATH  where the sensor answers [/run/tapline/tapline.sock]
  --json         print the API's JSON
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  answered
  1  the sensor does not answer, or has no answer to this
  2  wrong usage

Example:
  tapline show host mx --step 1s
)";

inline constexpr std::string_view kFindingsHelp =
    R"(tapline findings - what the detectors of the running sensor found

Usage: tapline findings [OPTION...]
       tapline findings ack ID

  ack ID         finding ID has been seen

Options:
  --open         only those that have not ended
  --since TIME   only those that were open at TIME or after it: -15m, 9:40,
                 yesterday 09:40, 2026-01-31T09:40:00Z
  --socket PATH  where the sensor answers [/run/tapline/tapline.sock]
  --json         print the API's JSON
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  answered
  1  the sensor does not answer, or has no answer to this
  2  wrong usage
)";

inline constexpr std::string_view kSeriesHelp =
    R"(tapline series - curves of the running sensor

Usage: tapline series [HOST] [OPTION...]

Plots what the whole sensor saw, or what HOST did: an address or the name of a
server whose curves are kept, as those of configured servers and of the busiest
hosts are. An hour of seconds, a week of minutes, a year of hours and days.

Options:
  --step STEP    1s, 1m, 1h or 1d [1m]
  --from TIME, --to TIME
                 -15m, 9:40, yesterday 09:40, 2026-01-31T09:40:00Z
  --fields A,B   these only, such as queries,syns,pairs
  --socket PATH  where the sensor answers [/run/tapline/tapline.sock]
  --json         print the API's JSON
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  answered
  1  the sensor does not answer, or has no answer to this
  2  wrong usage

Example:
  tapline series mx --step 1s --fields queries,unresolved
)";

inline constexpr std::string_view kReloadHelp =
    R"(tapline reload - have the running sensor read its configuration again

Usage: tapline reload [OPTION...]

As SIGHUP does. What is wrong, or cannot change while capturing, is said and
leaves all as it was.

Options:
  --socket PATH  where the sensor answers [/run/tapline/tapline.sock]
  --json         print the API's JSON
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  answered
  1  the sensor does not answer, or has no answer to this
  2  wrong usage
)";

inline constexpr std::string_view kPrivacyHelp =
    R"(tapline privacy - keys that hide addresses, and who hides behind one

Usage: tapline privacy key [--until DATE]
       tapline privacy hide --key FILE ADDRESS|NAME...
       tapline privacy show --key FILE ADDRESS...

  key            print a key file for [privacy]
  hide           print what is shown instead of each
  show           print whom each address stands for

Addresses are hidden by Crypto-PAn, which keeps common prefixes, also those in
names below in-addr.arpa and ip6.arpa; of other names the labels below the
registered domain become keyed hashes, for good.

Options:
  --until DATE   when the key is to be replaced, of which 'tapline status'
                 reminds [in a year]
  --key FILE     the key file
  -h, --help     print this

Exit status:
  0  done
  1  the key cannot be read, or an address is none
  2  wrong usage

Example:
  (umask 027; tapline privacy key >/etc/tapline/privacy.key)
)";

inline constexpr std::string_view kConfigHelp =
    R"(tapline config - check a configuration file, or show what it comes to

Usage: tapline config check FILE
       tapline config show [FILE]
       tapline config reload

  check FILE     name every mistake with its line and what was expected
  show [FILE]    print every key with its value, those of FILE and the defaults
  reload         have the running sensor read its configuration again

Options:
  --json         print one JSON object
  -h, --help     print this

Exit status:
  0  the file is sound
  1  the text could not be written
  2  the file has mistakes or cannot be read; wrong usage
)";

inline constexpr std::string_view kPatternsHelp =
    R"(tapline patterns - check a pattern file, or try it on names

Usage: tapline patterns check FILE
       tapline patterns test FILE NAME...
       tapline patterns list
       tapline patterns reload

A line of FILE is: id label flags expression. The id is a number that no other
line has, the label one word, and flags are - for none or letters of ismuw, of
which i, for either case, is of use. Names are matched in lower case and
without a final dot; the syntax is Hyperscan's, ^ and $ are the ends of a
name. Lines that begin with # are comments.

  check FILE         name every mistake with its line; else say how long the
                     patterns take to compile, and how large that becomes
  test FILE NAME...  print for each name which patterns match it; - reads
                     names from standard input, one a line
  list               what matched the patterns of the running sensor
  reload             have it read the file, and its configuration, again

Options:
  --config FILE      with test: also say whether a name is another one with a
                     local domain of FILE appended; [patterns] cache is used
  --json             print JSON
  -h, --help         print this

Exit status:
  0  the file is sound
  1  the text could not be written
  2  the file has mistakes or cannot be read; wrong usage

Example:
  tapline patterns test names.patterns mx.example.com.campus.example
)";

inline constexpr std::string_view kMailHelp =
    R"(tapline mail - what a mail server's logs come to, day by day

Usage: tapline mail [OPTION...] --maillog HOST=FILE... [HOST...]
       tapline mail [--json] [--socket PATH]

Without a log it asks the running sensor, which is sent logs by syslog.

Prints for each day how many SMTP clients connected (N_c), mails were taken
(N_f), deliveries tried (N_to) and with which outcome, POP3 and IMAP sessions,
what was turned down and why, the mail exchange efficiency N_f / N_c, and the
DNS queries of the server by type (D_q): as a query log has them, or as the
captures show them. With more than a week, what each weekday is like too.
HOST chooses among several servers, by address or name.

Logs, as often as needed, plain or compressed:
  --maillog HOST=FILE   log of the mail server HOST (an address, or its name in
                        the configuration): Postfix, sendmail, Dovecot, qpopper
  --querylog HOST=FILE  query log of a DNS server: BIND, Unbound, dnsmasq, iplog
  --log-zone ZONE       of times without one: UTC, +09:00 [this machine's]
  --log-year YEAR       of the first line, where times have none [the year in
                        which the file was last written to]
  --pcap FILE           a capture, merged by time

Report:
  --step STEP           1s, 1m, 1h or 1d [1d]; days begin at midnight by
                        detectors.utc_offset of the configuration
  --csv, --json         every count, for machines
  --config FILE         servers, holidays and the offset of local time
  --no-color            plain text on a terminal; so does NO_COLOR
  --no-progress         no progress bar on a terminal
  -h, --help            print this

Exit status:
  0  all was read
  1  something could not be read; the table covers what was
  2  wrong usage or configuration

Example:
  tapline mail --maillog 10.1.0.25=mail.log.1 --querylog 10.1.0.53=query.log.gz
)";

inline constexpr std::string_view kRegressHelp =
    R"(tapline regress - explain DNS queries, or any column, by mail sessions

Usage: tapline regress --csv FILE --y NAME --x NAME,NAME... [OPTION...]
       tapline regress --maillog HOST=FILE --querylog HOST=FILE --y NAME --x ...
       tapline regress --history --y NAME --x NAME,NAME... [OPTION...]

Finds by least squares how many DNS queries a mail server makes for each SMTP
and each POP3 session, as in D_q = m_S N_S + m_P N_P; or how one column of a
table is made up of others. Prints the normal equations, the coefficients with
standard errors and intervals of 95 %, R^2, observed against calculated
values, and the residuals.

Table:
  --csv FILE       comma-separated values with a line of names; - is standard
                   input
  --y NAME         the column to explain
  --x NAME,NAME    up to 16 columns that explain it
  --step TIME      sum the rows by steps such as 60s, 1h or 1d, by the column
                   named date or time (2002-02-11, 2002-02-11T14:00:05Z or
                   seconds since 1970)

Logs instead of a table, as of 'tapline mail', whose --csv has the columns:
  --maillog HOST=FILE, --querylog HOST=FILE, --pcap FILE,
  --log-zone ZONE, --log-year YEAR, --config FILE
                   as there
  --host HOST      which mail server, if there are several
  --step STEP      1s, 1m, 1h or 1d [1d]

What 'tapline run' kept of a mail server, with the same columns:
  --history        see 'tapline history --help', also for
  --from TIME, --to TIME, --state FOLDER, --config FILE
  --host HOST      which mail server, if there are several
  --step STEP      1m, 1h or 1d [1d]

Fit:
  --nonneg         no coefficient may be negative
  --intercept      a constant besides; it may be negative
  --given M,M      take these coefficients, one for each column of --x, and say
                   what a cache saved: 1 - observed / calculated
  --q SHARE        the share of mail that is received, from 0 to below 1: says
                   how many domains a mail is sent to, taking the first
                   column of --x for SMTP sessions

Report:
  --json           print one JSON object instead of text
  --no-color       plain text on a terminal; so does NO_COLOR
  -h, --help       print this

Exit status:
  0  the coefficients were found
  1  the table cannot be read or has mistakes, or does not say what they are
  2  wrong usage

Example:
  tapline regress --csv days.csv --y dq --x smtp,pop3 --q 0.5
)";

inline constexpr std::string_view kHistoryHelp =
    R"(tapline history - what was it then: counts, findings and gaps of the past

Usage: tapline history query [sensor] [OPTION...]
       tapline history query host [ADDRESS] [OPTION...]
       tapline history query mail [NAME] [OPTION...]
       tapline history query findings [OPTION...]
       tapline history query gaps [OPTION...]
       tapline history check [OPTION...]

Reads what 'tapline run' keeps if its configuration has [history], also while it
runs: counts by the minute, hour and day of the sensor, of the servers and the
busiest hosts (an address, or the name of a server), and of the logs of mail
servers; findings; and gaps, in which nothing was written and why. 'check' reads
all of the file and says whether it is sound.

With --fleet it asks the ClickHouse of [fleet], where the minutes of many sensors
are together.

Query:
  --from TIME      -15m, 09:40, yesterday 09:40, tuesday 9:40, 2026-11-22,
                   2026-11-22 09:40 or 2026-11-22T09:40:05Z; of this machine's
                   zone unless it says another
  --to TIME        likewise; not in it any more [now]
  --step STEP      1m, 1h or 1d [1m]
  --columns A,B    which counts [a choice; with --csv and --json all]
  --limit N        the newest so many rows, up to 100000
                   [100; with --csv and --json 10000]
  --csv            comma-separated values with a line of names
  --json           one JSON object
  --no-color       plain text on a terminal; so does NO_COLOR

Where:
  --config FILE    the configuration whose [state] folder, or [fleet], it is
                   [/etc/tapline/tapline.toml, if there]
  --state FOLDER   the folder itself [/var/lib/tapline]
  --fleet          all sensors of the fleet, and not the folder
  --sensor NAME    of these one
  -h, --help       print this

Exit status:
  0  the answer was written, be it empty; or the file is sound
  1  there is no history, it cannot be read, or it is damaged; or ClickHouse
     does not answer
  2  wrong usage or configuration

Example:
  tapline history query mail mx --from 'tuesday 9:30' --to 'tuesday 10:00'
)";

inline constexpr std::string_view kFleetHelp =
    R"(tapline fleet - tables for the minutes of many sensors, and what waits here

Usage: tapline fleet init [OPTION...]
       tapline fleet status [OPTION...]

'tapline run' sends each minute of its history, findings and gaps to the
ClickHouse of [fleet] in its configuration; while that is away they wait on the
disk. 'init' makes the database and the tables there, once for all sensors, and
again after an update of tapline: what is there stays, new columns are added.
'status' says what waits on this machine. 'tapline history query --fleet' asks.

Options:
  --config FILE  the configuration with [fleet] [/etc/tapline/tapline.toml]
  --print        of init: the SQL that makes the tables, and do nothing
  --json         of status: one JSON object
  -h, --help     print this

Exit status:
  0  the tables are there; or the answer was written
  1  ClickHouse does not answer or refuses, or nothing waits here yet
  2  wrong usage or configuration

Example:
  tapline fleet init && tapline history query --fleet --step 1h
)";

inline constexpr std::string_view kCaptureHelp =
    R"(tapline capture - keep frames on disk, and cut out those of a time and a host

Usage: tapline capture extract --from TIME [OPTION...] -w FILE
       tapline capture start
       tapline capture stop
       tapline capture status

'tapline run' keeps the frames of DNS and of TCP SYNs in the folder of [spool],
if its configuration has that, in capture files with a time index; with
what = "selected" those that open findings and [patterns] select.

  extract        write those of a time as one capture (pcap, nanoseconds), also
                 while more are being kept
  start          have the running sensor keep frames from now on,
  stop           or no more; until it ends
  status         how much it keeps, and what it lost

Extract:
  --from TIME      -15m, 09:40, yesterday 09:40, tuesday 9:40, 2026-11-22,
                   2026-11-22 09:40 or 2026-11-22T09:40:05Z; of this machine's
                   zone unless it says another
  --to TIME        likewise; not in it any more [now]
  --host ADDRESS   only frames from or to it, inside tunnels too; with --spool,
                   in files that [privacy] hides, as 'tapline privacy hide' says
  -w FILE          where to; - is standard output
  --json           print what was done as one JSON object, not with -w -
  --config FILE    the configuration whose [spool] folder it is
                   [/etc/tapline/tapline.toml, if there]
  --spool FOLDER   the folder itself [/var/lib/tapline/spool]

Of the running sensor:
  --socket PATH    where it answers [/run/tapline/tapline.sock]
  --json           print the API's JSON
  --no-color       plain text on a terminal; so does NO_COLOR
  -h, --help       print this

Exit status:
  0  done; there may have been no such frames
  1  there is no spool, something in it cannot be read, or FILE not be written;
     the sensor does not answer, or has no answer to this
  2  wrong usage or configuration

Example:
  tapline capture extract --from -15m --host 10.1.0.25 -w - | tcpdump -nr -
)";

inline constexpr std::string_view kDoctorHelp =
    R"(tapline doctor - check this machine and the configured ports

Usage: tapline doctor [OPTION...]

Looks at hugepages, memory, IOMMU and vfio, cores, hyperthreads, isolation,
frequency governor and clock; at each port's driver, interface, offloads and
NUMA node; opens the ports as 'tapline run' would, and listens a while: is the
mirror whole, in both directions, without copies? With [syslog] it says whether
its port can be had. What is not OK comes with the command that mends it, for a
root shell. Changes no setting. A port that DPDK has to itself cannot be opened
while 'tapline run' has it.

Options:
  --config FILE     the configuration [/etc/tapline/tapline.toml, if there]
  --listen SECONDS  how long, up to 3600; 0 only opens the ports [3]
  --json            print one JSON array
  -h, --help        print this

Exit status:
  0  nothing fails; there may be warnings
  1  something fails, or the text could not be written
  2  wrong usage or configuration
)";

inline constexpr std::string_view kBenchHelp =
    R"(tapline bench - find out what this box holds

Usage: tapline bench [OPTION...]

Searches for the highest rate without loss as RFC 2544 does, with workers and
shards as 'tapline run' has them. Frames come from memory, in packet buffers of
DPDK, as a NIC with queues of 4096 descriptors would deliver them: that takes
no core. With --ports they cross a cable between two ports instead.

Traffic:
  --mix MIX        64B, imix, core-mix, dns-only, syn-flood or
                   dns-flood-random-clients [core-mix]
  --size N         octets of a frame of the mix 64B with its check sequence,
                   64 to 1518 [64]
  --rate R         one trial at R frames per second, such as 5M, and no search
  --ports TX,RX    two ports of the configuration with a cable between them:
                   TX sends, RX is captured

Trials:
  --cores LIST     numbers of workers, a search for each: 1,2,4 or 1-4
                   [1, 2, 4 ... while each has a core, and a shard with one]
  --seconds TIME   length of a trial, 0.1 s to an hour [2]
  --loss PERCENT   a trial passes that loses up to this share [0]

Report:
  --json           print one JSON object instead of text
  --no-color       plain text on a terminal; so does NO_COLOR
  --no-progress    no progress bar on a terminal

Running:
  --config FILE    the configuration, for sizes of tables and rings; its ports
                   are used with --ports only
  -h, --help       print this

Exit status:
  0  measured, and every frame is accounted for
  1  a port could not be opened, or something could not be written
  2  wrong usage or configuration
)";

}  // namespace mgmt
