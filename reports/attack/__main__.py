import sys

from reports.attack.command import main

sys.exit(main(sys.argv[1:]))
