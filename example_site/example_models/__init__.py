"""Two small models of the kind that a library would document."""

from example_models.detector import Detector
from example_models.unet import UNet

__all__ = ["Detector", "UNet"]
