"""Two models that return when both have been called, and end their process if the other one does not come."""

import os
import time
from pathlib import Path

from torch import nn


class First(nn.Module):
    def forward(self, x):
        folder = Path(os.environ["NNVIZ_TEST_MEETING"])
        (folder / type(self).__name__).touch()
        for _ in range(int(os.environ["NNVIZ_TEST_LOOKS"])):
            if len(list(folder.iterdir())) == 2:
                return x + 1
            time.sleep(0.01)
        os._exit(1)


class Second(First):
    pass
