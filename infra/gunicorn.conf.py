"""How the web process is served. Addresses can carry a person's link, so there is no access log."""

import os
from pathlib import Path

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
preload_app = True  # read once, then shared; nothing connects anywhere before the first request
workers = 2
threads = 4
timeout = 60
graceful_timeout = 15
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True
