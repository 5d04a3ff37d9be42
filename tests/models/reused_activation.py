"""One activation that two blocks and the model itself share."""

from torch import nn


class Block(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.body = nn.Linear(4, 4)
        self.activation = activation

    def forward(self, x):
        return self.activation(self.body(x))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.first = Block(self.relu)
        self.second = Block(self.relu)

    def forward(self, x):
        return self.relu(self.second(self.first(x)))
