"""What a process of warm_start.py has read before it is told what it becomes."""

# ruff: noqa: E402, F401
from __future__ import annotations

import gc
import os
import tempfile

from app.serving.shared_counters import COUNTERS

# Counters are made as their module is read, for one process or for several: here
# for several. In a fork they begin anew, in a folder of its own.
_folder = tempfile.TemporaryDirectory(prefix="vakt-counters-")
os.environ[COUNTERS] = _folder.name

gc.disable()  # what is read stays

import gunicorn.app.wsgiapp

import app.api.v1.application
import app.commands.web
import app.commands.worker
import app.serving.supervisor
import app.serving.worker
import app.web.application
import app.worker.worker

gc.freeze()
gc.enable()
