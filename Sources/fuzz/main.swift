// martlet-fuzz: feeds the parsers bytes that nobody thought of, for a bounded time, from a seed. See `Usage.text`.

import Glibc

exit(Program.run(Array(CommandLine.arguments.dropFirst())))
