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
  config         check a configuration file, or show what it comes to
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

Usage: tapline replay [OPTION...] FILE...

Reads pcap and pcapng, plain or compressed with gzip or zstd; several files as
one stream in time order; - is standard input. Needs no root and no NIC.

Analysis:
  --window SECONDS      a SYN follows an answer up to this long after it
                        (above 0, up to 3600; 0.5 and 500ms are the same) [1]
  --correlate MODE      client: the SYN comes from the client that got the
                        answer; address: from anyone [client]

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
  tcpdump -w - -i eth0 'port 53 or tcp' | tapline replay --json - | jq .pairing
)";

inline constexpr std::string_view kRunHelp =
    R"(tapline run - capture from the tap's ports until stopped, and report

Usage: tapline run [OPTION...]

Reads the ports that the configuration names, each [[port]], with DPDK. On a
terminal it prints a line a second; SIGINT (Ctrl-C) and SIGTERM make it read
what the queues still hold and print the report. SIGHUP makes it read the
configuration again: decode.dedup can change while capturing. Needs root, or
CAP_NET_RAW, CAP_NET_ADMIN and what the NIC's driver asks for.

Options:
  --config FILE  the configuration [/etc/tapline/tapline.toml]
  --for TIME     stop after TIME, such as 10s
  --json         print the report as one JSON object
  --top N        rows of each ranking in the text, 1 to 1000 [10]
  --no-lines     no line a second on a terminal
  --no-color     plain text on a terminal; so does NO_COLOR
  -h, --help     print this

Exit status:
  0  stopped as asked, and every frame is accounted for
  1  a port could not be opened, or something could not be written
  2  wrong usage or configuration
)";

inline constexpr std::string_view kConfigHelp =
    R"(tapline config - check a configuration file, or show what it comes to

Usage: tapline config check FILE
       tapline config show [FILE]

  check FILE     name every mistake with its line and what was expected
  show [FILE]    print every key with its value, those of FILE and the defaults

Options:
  --json         print one JSON object
  -h, --help     print this

Exit status:
  0  the file is sound
  1  the text could not be written
  2  the file has mistakes or cannot be read; wrong usage
)";

inline constexpr std::string_view kDoctorHelp =
    R"(tapline doctor - check this machine and the configured ports

Usage: tapline doctor [OPTION...]

Looks at hugepages, memory, IOMMU and vfio, cores, hyperthreads, isolation,
frequency governor and clock; at each port's driver, interface, offloads and
NUMA node; opens the ports as 'tapline run' would, and listens a while: is the
mirror whole, in both directions, without copies? What is not OK comes with
the command that mends it, for a root shell. Changes no setting. A port that
DPDK has to itself cannot be opened while 'tapline run' has it.

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
