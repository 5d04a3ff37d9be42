"""Does not parse."""

def forward(:
