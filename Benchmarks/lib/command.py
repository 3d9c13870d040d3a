"""What the three commands share: options, the choice of variants, printing and ending."""
import pathlib
import sys

from . import report, servers, variants

PAGE = variants.ROOT / "docs" / "performance.md"


def add_common(parser, default_variants):
    parser.add_argument("--binary", type=pathlib.Path, default=variants.ROOT / ".build/release/martlet",
                        help="the martlet to measure (default: .build/release/martlet)")
    parser.add_argument("--binary-b", type=pathlib.Path, help="a second martlet, measured as martlet-b")
    parser.add_argument("--variants", default=default_variants, help="default: %(default)s")
    parser.add_argument("--update-docs", action="store_true", help=f"put the result into docs/{PAGE.name}")
    parser.add_argument("--assert", dest="strict", action="store_true", help="exit with 1 when a goal is missed")


def prepare(wanted):
    """Gets everything ready to run and returns the variants that were asked for and are there."""
    if wanted.update_docs and not PAGE.exists():
        sys.exit(f"there is no {PAGE} to update")
    servers.end_on_signals()
    servers.raise_descriptor_limit()
    variants.build_tools()
    return choose_variants(wanted)


def choose_variants(wanted):
    known = variants.all_variants(wanted.binary, wanted.binary_b)
    names = [name for name in wanted.variants.split(",") if not name.endswith("-b") or wanted.binary_b]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no such variant: {', '.join(unknown)}; there are {', '.join(known)}")
    for name in names:
        if not known[name].present():
            print(f"skipped: {name}, there is no {known[name].program}", file=sys.stderr)
    return [known[name] for name in known if name in names and known[name].present()]


def words(name, flags, options):
    """The command line as `name` and what was given, without these flags, and without these options and their values."""
    given = [word for word in sys.argv[1:] if word not in flags]
    for option in options:
        if option in given:
            at = given.index(option)
            del given[at:at + 2]
    return [name, *given]


def publish(wanted, section, text):
    """Prints the result and, if asked, puts it between the section's markers in the page."""
    print(text)
    if wanted.update_docs:
        report.update_page(PAGE, section, text)


def run(main):
    """Ends the program with main's exit code, or with a word on what stopped it."""
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
    except servers.Failure as failure:
        sys.exit(str(failure))
