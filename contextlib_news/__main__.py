"""``python -m contextlib_news`` is the command line."""

import sys

from contextlib_news.cli import main

sys.exit(main())
