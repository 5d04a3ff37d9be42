"""Is killed the first time, as by a machine out of memory, and not the second; counts in a file."""

import os
import signal
from pathlib import Path

from torch import nn


class Model(nn.Module):
    def forward(self, x):
        runs = Path(os.environ["NNVIZ_TEST_RUNS"])
        count = len(runs.read_text()) if runs.exists() else 0
        os.write(os.open(runs, os.O_WRONLY | os.O_CREAT | os.O_APPEND), b"x")
        if count < int(os.environ["NNVIZ_TEST_KILLS"]):
            os.kill(os.getpid(), signal.SIGKILL)
        return x + 1
