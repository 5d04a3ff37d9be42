"""Traces default configurations of transformers, and Llama with 70 billion parameters, as ``zoo.py`` does.

Run from the repository's root::

    python benchmarks/transformers_zoo.py [--models 'Llama*'] [--verbose]

The models are text and vision, encoder, decoder and both, named as a page names them: by class, with a
configuration object as data.
"""

from __future__ import annotations

import argparse
import fnmatch
import os

from zoo import measure, trace_all

from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings

_TEXT = "input_ids:tensor1x16:int64"
_BOTH = f"{_TEXT};decoder_input_ids:tensor1x8:int64"
_IMAGE = "pixel_values:image224"
_FAMILIES = {
    _TEXT: (
        *("Albert", "Bert", "BigBird", "Bloom", "DebertaV2", "DistilBert", "Electra", "Falcon", "FNet"),
        *("GPT2", "GPTJ", "GPTNeo", "GPTNeoX", "Gemma", "Gemma2", "Llama", "MPNet", "Mistral", "Mixtral"),
        *("ModernBert", "OPT", "Phi", "Phi3", "Qwen2", "Qwen3", "Roberta", "StableLm", "XLNet"),
    ),
    _BOTH: ("Bart", "LED", "MBart", "MT5", "Marian", "Pegasus", "T5"),
    _IMAGE: ("Beit", "ConvNext", "DeiT", "Dinov2", "MobileViT", "ResNet", "Segformer", "Swin", "ViT"),
    "input_features:tensor1x80x3000;decoder_input_ids:tensor1x8:int64": ("Whisper",),
    "input_values:tensor1x16000": ("Hubert", "Wav2Vec2"),
    f"{_TEXT};{_IMAGE}": ("CLIP",),
}
"""Models by their input: each is ``<name>Model``, built from ``<name>Config()``."""
_LLAMA_70B = (
    "hidden_size=8192, num_hidden_layers=80, num_attention_heads=64, num_key_value_heads=8, "
    "intermediate_size=28672, vocab_size=128256"
)


def options_of() -> dict[str, tuple[str, dict[str, str]]]:
    """Return path and options of each model, as a page has them."""
    models = {
        family: (
            f"transformers.{family}Model",
            {"args": f"config=transformers.{family}Config()", "input": text},
        )
        for text, families in _FAMILIES.items()
        for family in families
    }
    llama = {"args": f"config=transformers.LlamaConfig({_LLAMA_70B})", "input": _TEXT}
    return models | {"Llama 70B": ("transformers.LlamaForCausalLM", llama)}


def main() -> None:
    """Run the benchmark as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", default="*", help="pattern of the models' names")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=120.0)
    parser.add_argument("--verbose", action="store_true", help="print every model")
    options = parser.parse_args()
    settings = Settings(timeout=options.timeout, workers=options.workers)
    requests = {
        name: parse_request(path, asked, settings).trace
        for name, (path, asked) in options_of().items()
        if fnmatch.fnmatch(name, options.models)
    }
    measure(
        "transformers",
        requests,
        settings,
        lambda folder: trace_all(requests.values(), settings, folder),
        verbose=options.verbose,
    )


if __name__ == "__main__":
    main()
