"""Golden cases of EquivariantPerformer as one gzipped JSON file each, under our names and layouts.

    python convert.py FOLDER_OF_GOLDEN_CASES

A case holds the options of its hparams.yaml, the checkpoint's tensors and the gradients with their
shapes, and what golden.json says besides. Needs no PyTorch: the tensors are raw float32.
"""

import gzip
import json
import math
import pathlib
import pickle
import re
import struct
import sys
import zipfile

FIXED = {
    "class_query": "class_query",
    "content_embedding.weight": "embedding/kernel",
    "content_embedding.bias": "embedding/bias",
    "content_embedding.0.weight": "embedding/expand/kernel",
    "content_embedding.0.bias": "embedding/expand/bias",
    "content_embedding.2.weight": "embedding/contract/kernel",
    "content_embedding.2.bias": "embedding/contract/bias",
    "output_layer.weight": "output/kernel",
    "output_layer.bias": "output/bias",
}
IN_BLOCK = {
    "local.weight": "local/kernel",
    "local.bias": "local/bias",
    "0.norm.weight": "attention/norm/scale",
    "0.norm.bias": "attention/norm/offset",
    "0.fn.to_q.weight": "attention/query/kernel",
    "0.fn.to_q.bias": "attention/query/bias",
    "0.fn.to_q.alpha": "attention/rotation/alpha",
    "0.fn.to_q.beta": "attention/rotation/beta",
    "0.fn.to_k.weight": "attention/key/kernel",
    "0.fn.to_k.bias": "attention/key/bias",
    "0.fn.to_v.weight": "attention/value/kernel",
    "0.fn.to_v.bias": "attention/value/bias",
    "0.fn.to_out.weight": "attention/output/kernel",
    "0.fn.to_out.bias": "attention/output/bias",
    "0.fn.fast_attention.projection_matrix": "attention/projection",
    "1.norm.weight": "feed_forward/norm/scale",
    "1.norm.bias": "feed_forward/norm/offset",
    "1.fn.fn.w1.weight": "feed_forward/expand/kernel",
    "1.fn.fn.w1.bias": "feed_forward/expand/bias",
    "1.fn.fn.w2.weight": "feed_forward/contract/kernel",
    "1.fn.fn.w2.bias": "feed_forward/contract/bias",
}


def ours(name, hparams):
    if name == "content_embedding.weight" and hparams["embedding_type"] == "lookup":
        return "embedding/table"
    if name in FIXED:
        return FIXED[name]
    block, rest = re.fullmatch(r"performer\.net\.layers\.(\d+)\.(.*)", name).groups()
    return f"blocks/{block}/{IN_BLOCK[rest]}"


def flatten(nested):
    return [nested] if not isinstance(nested, list) else [v for part in nested for v in flatten(part)]


def tensor(name, shape, values):
    """Linear maps [out, in] to [in, out], depthwise filters [d, 1, k, k] to [k, k, d, 1]."""
    if name.endswith("local/kernel"):
        d, _, k, _ = shape
        values = [values[c * k * k + i] for i in range(k * k) for c in range(d)]
        shape = [k, k, d, 1]
    elif name.endswith("/kernel"):
        rows, columns = shape
        values = [values[r * columns + c] for c in range(columns) for r in range(rows)]
        shape = [columns, rows]
    elif "/rotation/" in name:
        shape = [shape[0], math.prod(shape[1:])]
    return {"shape": shape, "values": [float(f"{v:.9g}") for v in values]}


class Names(pickle.Unpickler):
    """Tensors as (storage key, offset, size, stride); every other name as a dictionary."""

    def find_class(self, module, name):
        return lambda *args: args if name.startswith("_rebuild_tensor") else args[0] if args else {}

    def persistent_load(self, key):
        return key[2]


def checkpoint(path):
    with zipfile.ZipFile(path) as archive:
        root = archive.namelist()[0].split("/")[0]
        with archive.open(f"{root}/data.pkl") as file:
            state = Names(file).load()["state_dict"]
        for name, (storage, offset, size, stride, *_) in state.items():
            data = archive.read(f"{root}/data/{storage}")
            dense = [math.prod(size[i + 1 :]) for i in range(len(size))]
            if any(n > 1 and s != t for n, s, t in zip(size, stride, dense)):
                raise ValueError(f"{name} is not contiguous")
            values = struct.unpack_from(f"<{math.prod(size)}f", data, 4 * offset)
            yield name, list(size), values




def convert(folder, target):
    golden = json.loads((folder / "golden.json").read_text())
    hparams = {}
    for line in (folder / "hparams.yaml").read_text().splitlines():
        key, value = line.split(": ")
        hparams[key] = int(value) if value.isdigit() else value
    shapes, weights, gradients = {}, {}, {}
    for theirs, shape, values in checkpoint(next((folder / "checkpoints").iterdir())):
        name = ours(theirs, hparams)
        shapes[name] = shape
        weights[name] = tensor(name, shape, values)
    for theirs, values in golden["gradients"].items():
        name = ours(theirs, hparams)
        gradients[name] = tensor(name, shapes[name], flatten(values))
    case = {"hparams": hparams, **golden, "weights": weights, "gradients": gradients}
    text = json.dumps(case, separators=(",", ":")).encode()
    target.write_bytes(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        if folder.is_dir():
            convert(folder, here / f"{folder.name}.json.gz")
