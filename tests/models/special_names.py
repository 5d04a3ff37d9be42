"""Names of modules and keys of the output with characters that mean something to markup and to Graphviz."""

from torch import nn

NAMES = ("a<b>&amp;", 'quote"', "brace{|}", "back\\slash", "line\nbreak", "bidi\u202e", "ünï")


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({name: nn.Linear(4, 4) for name in NAMES})

    def forward(self, x):
        return {f"<script>{name}": part(x) for name, part in self.parts.items()}
